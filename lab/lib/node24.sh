#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Becomes the Node.js 24 that install_node.sh has brought: the cases have no network of their own to do it.
for program in "$LAB_LIB"/../../build/lab/node-24.*; do
    [ -x "$program" ] && exec "$program" "$@"
done
echo "Node.js 24 is not there: lab/install_node.sh brings it" >&2
exit 1
