#!/usr/bin/env bash
# Draws the passwords of broker and store, the internal key, and one API key; writes them below deploy/secrets (or the folder
# given), readable by this user only, and prints the API key once. What is there already stays.
set -euo pipefail
umask 077
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${1:-deploy/secrets}
mkdir -p "$folder"

draw() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }
once() { [ -e "$folder/$1" ] || cat > "$folder/$1"; }

draw | once broker_password
printf 'default_user = transfer\ndefault_pass = %s\n' "$(cat "$folder/broker_password")" | once broker_credentials.conf
draw | once mongo_root_password
draw | once mongo_password
head -c 512 /dev/urandom | base64 | once mongo_key
printf 'mongodb://transfer:%s@mongodb:27017/transfer?replicaSet=transfer&authSource=transfer' \
    "$(cat "$folder/mongo_password")" | once mongo_connection
draw | once internal_key

if [ ! -e "$folder/api_key.env" ]; then
    key="tp_$(draw)"
    hash=sha256:$(printf %s "$key" | sha256sum | cut -d' ' -f1)
    printf 'TRANSFER_KEY_HASH=%s\n' "$hash" > "$folder/api_key.env"
    printf '[{ "name": "admin", "role": "admin", "hash": "%s" }]\n' "$hash" > "$folder/api_keys.json"
    echo "API key of the administrator, shown this once: $key"
fi

# Containers run as other users than this one; the folder itself keeps everybody else out.
chmod 700 "$folder"
chmod 644 "$folder"/*
echo "docker compose --env-file $folder/api_key.env up --detach --wait"
