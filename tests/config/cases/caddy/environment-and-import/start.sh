#!/bin/bash
# run from the rendered case folder; stays in the foreground
export HOME=@CASE@ XDG_DATA_HOME=@CASE@/d XDG_CONFIG_HOME=@CASE@/c
export HOST=127.0.0.1 MIN=tls1.3
exec caddy run --config @CASE@/Caddyfile --adapter caddyfile
