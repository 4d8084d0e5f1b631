#!/bin/bash
# run from the rendered case folder; stays in the foreground
mkdir -p run; chmod 755 run
export OPENSSL_CONF=@CASE@/openssl.cnf
exec dovecot -F -c @CASE@/dovecot.conf
