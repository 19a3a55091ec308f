#!/bin/sh
# Opens a tunnel from the internet to LNbits on port 5000, until it is ended (Ctrl-C). The traffic is not encrypted:
# only for trying things out, or with a server of your own. BORE_SERVER (bore.pub) and BORE_SECRET are bore's own.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

server=${BORE_SERVER:-bore.pub}
lnbits_answers || fail "LNbits does not answer at $lnbits_url: run $(dirname "$0")/start.sh"
if [ -s "$tunnel_file" ] && kill -0 "$(sed -n 1p "$tunnel_file")" 2>/dev/null; then
  fail "There is a tunnel already: http://$(sed -n 2p "$tunnel_file")"
fi

mkdir -p "$logs"
log=$logs/bore.log
: >"$log"
bore local 5000 --to "$server" >"$log" 2>&1 &
bore=$!
close() {
  kill "$bore" 2>/dev/null || true
  rm -f "$tunnel_file"
}
trap close EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

address=
# It says "listening at HOST:PORT" among other things, once.
told() {
  kill -0 "$bore" 2>/dev/null || return 0
  address=$(sed -n 's/.*listening at \([A-Za-z0-9.-]*:[0-9][0-9]*\).*/\1/p' "$log" | head -n 1)
  [ -n "$address" ]
}
wait_for 60 1 told || fail "No tunnel within 60 s. Look at $log"
[ -n "$address" ] || fail "The tunnel was refused. Look at $log"
printf '%s\n%s\n' "$bore" "$address" | put 600 "$tunnel_file"
say "LNbits can be reached at http://$address, by everybody, without encryption."
wait "$bore"
