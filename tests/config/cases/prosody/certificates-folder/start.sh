#!/bin/bash
mkdir -p data certs; chmod 777 . data; for k in rsa a b ec; do install -o prosody -m 600 @PKI@/$k.key $k.key; done
install -o prosody -m 644 @PKI@/a.crt certs/a.test.crt; install -o prosody -m 600 @PKI@/a.key certs/a.test.key; mkdir -p certs/b.test; install -o prosody -m 644 @PKI@/b.crt certs/b.test/fullchain.pem; install -o prosody -m 600 @PKI@/b.key certs/b.test/privkey.pem
exec setpriv --reuid=prosody --regid=prosody --init-groups prosody --config @CASE@/prosody.cfg.lua -F
