#!/bin/bash
# run from the rendered case folder; stays in the foreground
cat @PKI@/ec.key @PKI@/ec.crt > chain.pem; chmod 755 . 2>/dev/null; mkdir -p spool data log; chown postfix data; chown root spool
for d in active bounce corrupt defer deferred flush hold incoming private saved trace public maildrop pid; do mkdir -p spool/$d; chown postfix spool/$d; done; chown root spool/pid
chgrp postdrop spool/public spool/maildrop; chmod 710 spool/public; chmod 1730 spool/maildrop
exec /usr/lib/postfix/sbin/master -c @CASE@ -d
