#!/bin/bash
# run from the rendered case folder; stays in the foreground
cp @PKI@/a.pem @CASE@/site.pem.rsa; cp @PKI@/ec.pem @CASE@/site.pem.ecdsa; exec haproxy -db -f @CASE@/haproxy.cfg
