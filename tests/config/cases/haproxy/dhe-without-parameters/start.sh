#!/bin/bash
# run from the rendered case folder; stays in the foreground
cat @PKI@/a.pem @PKI@/dh2048.pem > @CASE@/dh.pem; exec haproxy -db -f @CASE@/haproxy.cfg
