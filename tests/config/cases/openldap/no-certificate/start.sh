#!/bin/bash
# run from the rendered case folder; stays in the foreground
mkdir -p db; exec slapd -f @CASE@/slapd.conf -h "ldap://127.0.0.1:@P0@" -d none
