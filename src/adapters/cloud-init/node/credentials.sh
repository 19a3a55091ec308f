#!/usr/bin/env bash
# All that the owner needs, in one file that only root reads.
# shellcheck source=common.sh
. "${NODE_ROOT:-}/opt/timmy-node/common.sh"

host=localhost
if [[ $WITH_TAILSCALE == yes ]]; then
  host=$(tailscale ip -4 | head -n 1)
fi
put 600 "$root/root/node-credentials.txt" <<TEXT
Credentials of $NODE_NAME. Whoever has this file has the node's money: keep a copy in a safe place, and show it to nobody.

Bitcoin Core RPC user: timmy
Bitcoin Core RPC password: $(secret rpc-password)
LND wallet password: $(secret wallet-password)
LND seed (24 words): $(tr -d '"' <"$secrets/lnd-seed" | tr ',' ' ')
LNbits URL: http://$host:$LNBITS_PORT
LNbits user: admin
LNbits password: $(secret lnbits-password)

Through SSH, LNbits is at http://localhost:$LNBITS_PORT after: ssh -L $LNBITS_PORT:localhost:$LNBITS_PORT root@ADDRESS
TEXT
