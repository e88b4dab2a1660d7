#!/bin/bash
# Starts mongod as the one member of a replica set. A standalone server has no retryable writes and no majority to
# acknowledge one, and the pipeline relies on both; a set of one can get further members later without a change here.
set -euo pipefail

# Members of a set know each other by a key file, which mongod refuses when others may read it; a secret's mode is not ours.
install --mode=400 --owner=mongodb --group=mongodb /run/secrets/mongo_key /tmp/mongo_key

# --wiredTigerCacheSizeGB: by default half of the machine's memory, whatever the container may use.
exec docker-entrypoint.sh mongod --replSet transfer --keyFile /tmp/mongo_key --bind_ip_all --wiredTigerCacheSizeGB 1
