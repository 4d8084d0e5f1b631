#!/bin/bash
exec redis-server @CASE@/redis.conf
