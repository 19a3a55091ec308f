#!/usr/bin/env bash
# For the node's owner: bash /opt/timmy-node/ops.sh sync | lnd | lnbits | logs [bitcoind | lnd | lnbits | setup]
# shellcheck source=common.sh
. "${NODE_ROOT:-}/opt/timmy-node/common.sh"

# field NAME: a number or a word out of JSON on standard input.
field() { tr -d ' \n"' | sed -n "s/.*[{,]$1:\([^,}]*\).*/\1/p"; }

sync() {
  local info
  info=$(rpc getblockchaininfo) || {
    echo "Bitcoin Core does not answer. Look at: $0 logs bitcoind"
    return 1
  }
  awk -v blocks="$(field blocks <<<"$info")" -v headers="$(field headers <<<"$info")" \
    -v part="$(field verificationprogress <<<"$info")" 'BEGIN {
      printf "Block %d of %d, %.2f %% verified.\n", blocks, headers, part * 100
      print (part > 0.9999 ? "Bitcoin Core is in sync." : "The first synchronisation takes 1 to 2 weeks.")
    }'
}

lnd() {
  local state
  state=$(lnd_state)
  case $state in
    SERVER_ACTIVE) echo "LND is up. Ask it anything: docker exec lnd lncli getinfo" ;;
    RPC_ACTIVE | UNLOCKED) echo "LND waits until Bitcoin Core is in sync. See: $0 sync" ;;
    '') echo "LND does not answer. Look at: $0 logs lnd" && return 1 ;;
    *) echo "LND's wallet is in the state $state. Look at: $0 logs lnd" && return 1 ;;
  esac
}

lnbits() {
  grep '^LNbits URL:' "$root/root/node-credentials.txt" || true
  if curl --silent --fail --max-time 10 --output /dev/null "http://127.0.0.1:$LNBITS_PORT/api/v1/health"; then
    echo "LNbits is up. It can pay and be paid once LND is up."
  else
    echo "LNbits does not answer. Look at: $0 logs lnbits"
    return 1
  fi
}

logs() {
  case ${1:-setup} in
    setup) tail -n 100 "$root/var/log/timmy-node.log" ;;
    bitcoind | lnd | lnbits) docker logs --tail 100 "$1" ;;
    *) usage ;;
  esac
}

usage() {
  echo "Usage: $0 sync | lnd | lnbits | logs [bitcoind | lnd | lnbits | setup]" >&2
  exit 2
}

case ${1:-} in
  sync | lnd | lnbits) "$1" ;;
  logs) logs "${2:-}" ;;
  *) usage ;;
esac
