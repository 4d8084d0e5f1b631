#!/bin/bash
exec redis-server @CASE@/redis.conf --tls-protocols TLSv1.3
