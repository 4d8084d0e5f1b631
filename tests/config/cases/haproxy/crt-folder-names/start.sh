#!/bin/bash
# run from the rendered case folder; stays in the foreground
ln -sf @PKI@/b.pem @CASE@/certs/10-b.pem; ln -sf @PKI@/wild.pem @CASE@/certs/20.pem; ln -sf @PKI@/a.pem @CASE@/certs/30.pem; ln -sf @PKI@/ec.pem @CASE@/certs/40-ec.pem; cd /; exec haproxy -db -f @CASE@/haproxy.cfg
