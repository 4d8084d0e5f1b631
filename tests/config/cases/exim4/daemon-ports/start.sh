#!/bin/bash
# run from the rendered case folder; stays in the foreground
mkdir -p spool log; chown -R Debian-exim spool log; chmod 777 spool log
install -o Debian-exim -m 600 @PKI@/a.key a.key
exec @LAB@/unpacked/usr/sbin/exim4 -C @CASE@/exim4.conf -bdf -oP @CASE@/exim.pid
