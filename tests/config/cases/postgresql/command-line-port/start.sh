#!/bin/bash
# run from the rendered case folder; stays in the foreground
chmod 711 . ; mkdir -p data; rm -rf data
if [ ! -d @LAB@/cache/pgdata ]; then mkdir -p @LAB@/cache; install -d -o postgres -m 700 @LAB@/cache/pgdata; setpriv --reuid=postgres --regid=postgres --init-groups /usr/lib/postgresql/15/bin/initdb -D @LAB@/cache/pgdata -A trust --no-sync >/dev/null; fi
cp -a @LAB@/cache/pgdata data
[ -f postgresql.auto.conf ] && install -o postgres -m 600 postgresql.auto.conf data/postgresql.auto.conf
install -o postgres -m 600 @PKI@/rsa.key server.key; install -o postgres -m 644 @PKI@/rsa.crt server.crt
chmod 644 *.conf conf.d/* 2>/dev/null; install -d -o postgres sock
exec setpriv --reuid=postgres --regid=postgres --init-groups /usr/lib/postgresql/15/bin/postgres -D @CASE@/data -c config_file=@CASE@/postgresql.conf --ssl-max-protocol-version=TLSv1.2 -p @P1@ -h 127.0.0.1
