# shellcheck shell=bash
# What the scripts of a node share: sourced, never run. NODE_ROOT is empty on a node; tests point it to a folder.
set -euo pipefail
umask 077

root=${NODE_ROOT:-}
here=$root/opt/timmy-node
# shellcheck disable=SC2034 # read by the scripts that source this
data=$root/srv/timmy-node
secrets=$here/secrets
status_file=$here/status.json
# shellcheck source=/dev/null
. "$here/node.env"

say() { printf '%s %s\n' "$(date +%FT%TZ)" "$*"; }

# put MODE FILE: the input becomes the file, whole or not at all.
put() {
  local draft=$2.draft
  cat >"$draft"
  chmod "$1" "$draft"
  mv "$draft" "$2"
}

# status STATE STAGE: what the status page tells. STATE: starting, ready, failed.
status() {
  printf '{"state":"%s","stage":"%s"}\n' "$1" "$(tr -cd 'A-Za-z0-9 .,:()/-' <<<"$2" | cut -c 1-200)" | put 644 "$status_file"
}

fail() {
  say "failed: $*"
  status failed "$*"
  exit 1
}

now() { date +%s; }

# wait_for SECONDS PAUSE COMMAND...: until the command succeeds; fails when so many seconds have passed.
wait_for() {
  local deadline=$(($(now) + $1)) pause=$2
  shift 2
  until "$@"; do
    (($(now) < deadline)) || return 1
    sleep "$pause"
  done
}

# secret NAME: 48 hex digits, made when first asked for and the same ever after.
secret() {
  mkdir -p "$secrets"
  if [[ ! -s $secrets/$1 ]]; then
    head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' | put 600 "$secrets/$1"
  fi
  cat "$secrets/$1"
}

# container NAME IMAGE OPTION... [-- ARGUMENT...]: runs it, makes it first if need be. On the machine's own network, so
# that the firewall counts: ports that Docker publishes go past it.
container() {
  local name=$1 image=$2 options=()
  shift 2
  while (($# > 0)) && [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  (($# == 0)) || shift
  if docker container inspect "$name" >/dev/null 2>&1; then
    docker start "$name" >/dev/null
    return
  fi
  wait_for 900 15 docker pull --quiet "$image" || fail "The image $image cannot be had"
  docker run --detach --name "$name" --restart unless-stopped --network host \
    --log-opt max-size=20m --log-opt max-file=3 "${options[@]}" "$image" "$@" >/dev/null
}

# rpc METHOD: asks Bitcoin Core. The password goes by standard input, so that no list of processes shows it.
rpc() {
  curl --silent --show-error --fail --max-time 10 --config - \
    --data-binary "{\"jsonrpc\":\"1.0\",\"id\":\"timmy\",\"method\":\"$1\",\"params\":[]}" \
    http://127.0.0.1:8332/ <<<"user = \"timmy:$(secret rpc-password)\""
}

# lnd_rest PATH [CURL-OPTION...]: asks LND.
lnd_rest() {
  local path=$1
  shift
  curl --silent --show-error --fail --max-time 10 --cacert "$data/lnd/tls.cert" "$@" "https://127.0.0.1:8080$path"
}

# NON_EXISTING, LOCKED, UNLOCKED, RPC_ACTIVE or SERVER_ACTIVE; nothing while LND does not answer.
lnd_state() {
  lnd_rest /v1/state 2>/dev/null | tr -d ' \n' | sed -n 's/.*"state":"\([A-Z_]*\)".*/\1/p' || true
}
