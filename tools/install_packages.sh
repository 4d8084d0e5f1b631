#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing of the Debian packages in the given lists (one name a line, # comments), and
# says what. Silent, and without a network, where nothing is missing. Uses sudo where not root.
#
#   tools/install_packages.sh LIST...
#
# Servers among the packages are not started: who builds a program did not ask for a web server.
set -eu

names=$(sed 's/#.*//' "$@" | tr -s '[:space:]' '\n' | sort -u)

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "tlsdoctor: not a Debian system; these packages, or their likes, are needed:" $names >&2
    exit 0
fi

have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $names 2>/dev/null | sed -n 's/^installed //p')
missing=""
for name in $names; do
    case "
$have
" in
    *"
$name
"*) ;;
    *) missing="$missing $name" ;;
    esac
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "tlsdoctor: packages are missing, and there is no sudo. As root: apt-get install$missing" >&2
        exit 1
    fi
    as_root=sudo
fi

echo "tlsdoctor: installing with apt-get:$missing" >&2
$as_root env DEBIAN_FRONTEND=noninteractive sh -eu -c '
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap "rm -f $policy" EXIT
        trap "exit 130" INT TERM
        printf "#!/bin/sh\nexit 101\n" >"$policy"
        chmod +x "$policy"
    fi
    apt-get -qq update || echo "tlsdoctor: apt-get update failed; trying with the lists that are there" >&2
    apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "$@" >/dev/null
' install $missing
