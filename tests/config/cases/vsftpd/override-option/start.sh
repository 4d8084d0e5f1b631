#!/bin/bash
# run from the rendered case folder; stays in the foreground
mkdir -p empty; chmod 755 . empty; exec vsftpd @CASE@/vsftpd.conf -ossl_enable=NO 0>&1
