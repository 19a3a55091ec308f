# shellcheck shell=sh
# What the scripts of the node share: sourced, never run. Plain POSIX: the shell of macOS is a bash of 2007.
set -eu
umask 077

# Everything of the node lies here.
node_home=${NODE_HOME:-$HOME/bitcoin-ln-node}
# shellcheck disable=SC2034 # read by the scripts that source this
{
  bitcoin_dir=$node_home/bitcoin
  lnd_dir=$node_home/lnd
  lnbits_dir=$node_home/lnbits
  logs=$node_home/logs
  macaroon=$node_home/lnd/data/chain/bitcoin/mainnet/admin.macaroon
  tunnel_file=$node_home/tunnel
  # Present while LNbits was started with LND at its service.
  joined=$node_home/lnbits-joined
  lnbits_url=${LNBITS_URL:-http://127.0.0.1:5000}
  lnbits_user=${LNBITS_USER:-admin}
}
secrets=$node_home/secrets
agents=$HOME/Library/LaunchAgents
domain=gui/$(id -u)

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# put MODE FILE: the input becomes the file, whole or not at all.
put() {
  cat >"$2.draft"
  chmod "$1" "$2.draft"
  mv "$2.draft" "$2"
}

# secret NAME: 48 hex digits, made when first asked for and the same ever after.
secret() {
  if [ ! -s "$secrets/$1" ]; then
    mkdir -p "$secrets"
    head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' | put 600 "$secrets/$1"
  fi
  cat "$secrets/$1"
}

now() { date +%s; }
# wait_for SECONDS PAUSE COMMAND...: until the command succeeds; fails when so many seconds have passed.
wait_for() {
  wait_until=$(($(now) + $1))
  wait_pause=$2
  shift 2
  until "$@"; do
    [ "$(now)" -lt "$wait_until" ] || return 1
    sleep "$wait_pause"
  done
}

# field NAME: a number or a word out of JSON on standard input; nothing where it is not.
field() { tr -d ' \n\t"' | sed -n "s/.*[{,]$1:\([^],}]*\).*/\1/p"; }

label() { printf 'timmy.node.%s' "$1"; }
loaded() { launchctl print "$domain/$(label "$1")" >/dev/null 2>&1; }
# load NAME: launchd runs it from now on, and starts it.
load() {
  loaded "$1" || launchctl bootstrap "$domain" "$agents/$(label "$1").plist"
  launchctl kickstart "$domain/$(label "$1")" >/dev/null
}
unload() {
  if loaded "$1"; then launchctl bootout "$domain/$(label "$1")" || true; fi
}

bitcoin() { bitcoin-cli -datadir="$bitcoin_dir" "$@"; }
lightning() { lncli --lnddir="$lnd_dir" "$@"; }

# lnd_rest PATH [CURL-OPTION...]: asks LND over REST.
lnd_rest() {
  lnd_path=$1
  shift
  curl --silent --fail --max-time 10 --cacert "$lnd_dir/tls.cert" "$@" "https://127.0.0.1:8080$lnd_path"
}
# NON_EXISTING, LOCKED, UNLOCKED, RPC_ACTIVE or SERVER_ACTIVE; nothing while LND does not answer.
lnd_state() { { lnd_rest /v1/state 2>/dev/null || true; } | field state; }

lnbits_answers() { curl --silent --fail --max-time 10 --output /dev/null "$lnbits_url/api/v1/health"; }
