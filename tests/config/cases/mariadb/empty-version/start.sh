#!/bin/bash
chmod 755 .
if [ ! -d @LAB@/cache/mysql ]; then mkdir -p @LAB@/cache; mariadb-install-db --no-defaults --user=mysql --datadir=@LAB@/cache/mysql --auth-root-authentication-method=normal --skip-test-db >/dev/null 2>&1; fi
rm -rf data; cp -a @LAB@/cache/mysql data
install -o mysql -m 600 @PKI@/rsa.key server.key
exec mariadbd --defaults-file=@CASE@/my.cnf --user=mysql
