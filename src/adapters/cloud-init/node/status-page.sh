#!/usr/bin/env bash
# Answers one HTTP request on its standard input and output with how far the set-up is. It runs as nobody, knows no
# secret, and cares for nothing that it is sent.
set -euo pipefail
export LC_ALL=C
status_file=${NODE_ROOT:-}/opt/timmy-node/status.json

# The whole head is read: closing a connection with something unread would cut off the answer.
for ((lines = 0; lines < 100; lines += 1)); do
  IFS= read -r -t 5 -n 8192 line || break
  [[ -n ${line%$'\r'} ]] || break
done
body=$(cat "$status_file" 2>/dev/null) || body='{"state":"starting","stage":"The machine is starting"}'
printf 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
  "${#body}" "$body"
