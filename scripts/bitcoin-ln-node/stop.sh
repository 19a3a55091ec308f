#!/bin/sh
# Stops the node, in the order in which its parts lean on each other. Each is asked, and waited for.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

rm -f "$joined"
say "LNbits"
unload lnbits

say "LND"
lnd_is_down() { [ -z "$(lnd_state)" ]; }
# One that will not listen is ended by launchd: a locked wallet takes no such call.
if lightning stop >/dev/null 2>&1; then
  wait_for 120 2 lnd_is_down || say "LND takes long to stop: launchd ends it."
fi
unload lnd

say "Bitcoin Core"
bitcoin_is_down() { ! bitcoin getblockchaininfo >/dev/null 2>&1; }
if bitcoin stop >/dev/null 2>&1; then
  wait_for 600 2 bitcoin_is_down || say "Bitcoin Core takes long to stop: launchd ends it."
fi
unload bitcoind
say "The node is down."
