#!/usr/bin/env bash
# Bitcoin Core, on the main chain, pruned to what the disk can hold.
# shellcheck source=common.sh
. "${NODE_ROOT:-}/opt/timmy-node/common.sh"

# MiB. The set of unspent outputs, LND, LNbits, images and logs need their room too; the whole chain needs this much.
reserve=30000
least=2000
whole_chain=1000000

write_config() {
  local free prune
  free=$(df -Pm "$data" | awk 'NR == 2 { print $4 }')
  prune=$((free - reserve))
  ((prune >= least)) || fail "The disk has ${free} MiB free, which is too little"
  ((free < whole_chain)) || prune=0
  put 600 "$data/bitcoin/bitcoin.conf" <<CONFIG
server=1
prune=$prune
rpcuser=timmy
rpcpassword=$(secret rpc-password)
rpcbind=127.0.0.1
rpcallowip=127.0.0.1
zmqpubrawblock=tcp://127.0.0.1:28332
zmqpubrawtx=tcp://127.0.0.1:28333
CONFIG
}

mkdir -p "$data/bitcoin"
# Once written it stays: what was pruned does not come back.
[[ -s $data/bitcoin/bitcoin.conf ]] || write_config

container bitcoind "$BITCOIN_IMAGE" --volume "$data/bitcoin:/home/bitcoin/.bitcoin" --stop-timeout 600
answers() { rpc getblockchaininfo >/dev/null 2>&1; }
wait_for 300 5 answers || fail "Bitcoin Core did not answer within 300 s"
