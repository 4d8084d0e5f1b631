#!/bin/bash
mkdir -p data certs; chmod 777 . data; for k in rsa a b ec; do install -o prosody -m 600 @PKI@/$k.key $k.key; done

exec setpriv --reuid=prosody --regid=prosody --init-groups prosody --config @CASE@/prosody.cfg.lua -F
