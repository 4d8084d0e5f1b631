#!/bin/bash
# run from the rendered case folder; stays in the foreground
export TLS_MIN=TLSv1.2 PKI=@PKI@ B=127.0.0.1
exec haproxy -db -f @CASE@/one.cfg -f @CASE@/d
