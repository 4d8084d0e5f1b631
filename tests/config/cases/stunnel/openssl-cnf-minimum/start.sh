#!/bin/bash
# run from the rendered case folder; stays in the foreground
export OPENSSL_CONF=@CASE@/openssl.cnf
exec stunnel4 @CASE@/stunnel.conf
