#!/bin/bash
# Makes the server a replica set and creates the pipeline's user; run again it changes nothing but the password.
set -euo pipefail
exec mongosh --quiet --host mongodb --username root --password "$(cat /run/secrets/mongo_root_password)" \
    --authenticationDatabase admin --file /initiate.js
