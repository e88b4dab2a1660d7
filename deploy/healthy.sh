#!/bin/bash
# Whether the process of this container is ready; the images have no curl. Argument: live or ready.
exec 3<> /dev/tcp/127.0.0.1/8080 || exit 1
printf 'GET /health/%s HTTP/1.0\r\nHost: localhost\r\n\r\n' "${1:-ready}" >&3
read -r -t 5 _ status _ <&3 && [ "$status" = 200 ]
