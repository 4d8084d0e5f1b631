#!/bin/bash
exec redis-server @CASE@/redis.conf --tls-protocols "TLSv1.2 TLSv1.3" --tls-ciphers ECDHE-RSA-AES128-GCM-SHA256
