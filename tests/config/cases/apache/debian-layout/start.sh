#!/bin/bash
# run from the rendered case folder; stays in the foreground
. @CASE@/envvars
exec apache2 -d @CASE@ -f @CASE@/apache2.conf -DFOREGROUND
