#!/bin/sh
# How the node is. Ends with 0 when everything runs, else with 1. `--json` prints one line of this shape, null for
# whatever cannot be known now (README.md has it in full):
# {"bitcoind":{"running","blocks","headers","syncPercent","inSync"},
#  "lnd":{"running","state","syncedToChain","activeChannels","channelBalanceSats","walletBalanceSats"},
#  "lnbits":{"running","url"},"tunnel":{"open","address"}}
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case ${1:-} in '' | --json) ;; *) fail "Usage: $0 [--json]" ;; esac

# only PATTERN VALUE: the value if it is of that form, else null.
only() { if printf '%s' "$2" | grep -Eqx "$1"; then printf '%s' "$2"; else printf null; fi; }
number='[0-9]{1,18}'
truth='true|false'

chain=$(bitcoin getblockchaininfo 2>/dev/null) || chain=
if [ -n "$chain" ]; then bitcoind_running=true; else bitcoind_running=false; fi
blocks=$(only "$number" "$(printf '%s' "$chain" | field blocks)")
headers=$(only "$number" "$(printf '%s' "$chain" | field headers)")
part=$(only '[0-9][0-9.e+-]*' "$(printf '%s' "$chain" | field verificationprogress)")
sync_percent=null
# Rounded down: 100 is said of nothing that is not done.
if [ "$part" != null ]; then sync_percent=$(awk -v part="$part" 'BEGIN { printf "%.2f", int(part * 10000) / 100 }'); fi
in_sync=null
downloading=$(only "$truth" "$(printf '%s' "$chain" | field initialblockdownload)")
if [ "$downloading" = false ]; then in_sync=true; elif [ "$downloading" = true ]; then in_sync=false; fi

state=$(lnd_state)
if [ -n "$state" ]; then lnd_running=true; else lnd_running=false; fi
info='' channels='' wallet=''
if [ "$state" = SERVER_ACTIVE ]; then
  info=$(lightning getinfo 2>/dev/null) || info=
  channels=$(lightning channelbalance 2>/dev/null) || channels=
  wallet=$(lightning walletbalance 2>/dev/null) || wallet=
fi
synced=$(only "$truth" "$(printf '%s' "$info" | field synced_to_chain)")
active=$(only "$number" "$(printf '%s' "$info" | field num_active_channels)")
channel_sats=$(only "$number" "$(printf '%s' "$channels" | field balance)")
wallet_sats=$(only "$number" "$(printf '%s' "$wallet" | field total_balance)")

if lnbits_answers; then lnbits_running=true; else lnbits_running=false; fi

# First line: the process; second: where it is reached.
tunnel_open=false address=null
if [ -s "$tunnel_file" ] && kill -0 "$(sed -n 1p "$tunnel_file")" 2>/dev/null; then
  tunnel_open=true
  address=$(only '[A-Za-z0-9.-]+:[0-9]+' "$(sed -n 2p "$tunnel_file")")
fi

# text VALUE: as JSON, null where there is none.
text() { if [ -n "$1" ] && [ "$1" != null ]; then printf '"%s"' "$1"; else printf null; fi; }
state_text=$(text "$(only '[A-Z_]+' "$state")")

if [ "${1:-}" = --json ]; then
  printf '{"bitcoind":{"running":%s,"blocks":%s,"headers":%s,"syncPercent":%s,"inSync":%s},' \
    "$bitcoind_running" "$blocks" "$headers" "$sync_percent" "$in_sync"
  printf '"lnd":{"running":%s,"state":%s,"syncedToChain":%s,"activeChannels":%s,"channelBalanceSats":%s,"walletBalanceSats":%s},' \
    "$lnd_running" "$state_text" "$synced" "$active" "$channel_sats" "$wallet_sats"
  printf '"lnbits":{"running":%s,"url":"%s"},"tunnel":{"open":%s,"address":%s}}\n' \
    "$lnbits_running" "$lnbits_url" "$tunnel_open" "$(text "$address")"
else
  # known VALUE: with ? for what is null.
  known() { if [ "$1" = null ]; then printf '?'; else printf '%s' "$1"; fi; }
  if [ "$bitcoind_running" = true ]; then
    say "Bitcoin Core: block $(known "$blocks") of $(known "$headers"), $(known "$sync_percent") % verified"
  else
    say "Bitcoin Core: down"
  fi
  if [ "$lnd_running" = true ]; then
    say "LND:          $state, $(known "$active") active channels, $(known "$channel_sats") sats in channels, $(known "$wallet_sats") on chain"
  else
    say "LND:          down"
  fi
  if [ "$lnbits_running" = true ]; then say "LNbits:       $lnbits_url"; else say "LNbits:       down"; fi
  if [ "$tunnel_open" = true ]; then say "Tunnel:       http://$address"; else say "Tunnel:       closed"; fi
fi
[ "$bitcoind_running$lnd_running$lnbits_running" = truetruetrue ]
