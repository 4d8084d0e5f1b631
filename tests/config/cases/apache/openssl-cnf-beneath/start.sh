#!/bin/bash
# run from the rendered case folder; stays in the foreground
export OPENSSL_CONF=@CASE@/openssl.cnf
exec apache2 -d @CASE@ -f @CASE@/apache2.conf -DFOREGROUND
