#!/bin/bash
exec redis-server ./redis.conf --tls-port @P0@
