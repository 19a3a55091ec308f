#!/usr/bin/env bash
# Sets the node up, by itself, at its first start. It can be run again: what is done stays as it is.
# shellcheck source=common.sh
. "${NODE_ROOT:-}/opt/timmy-node/common.sh"

mkdir -p "$secrets"
chmod 700 "$secrets"
log=$root/var/log/timmy-node.log
exec >>"$log" 2>&1

# stage WORDS COMMAND...: tells what is being done, and gives up when it cannot be done.
stage() {
  local words=$1
  shift
  say "$words"
  status starting "$words"
  "$@" || give_up "$words"
}

# The step itself may have said why.
give_up() {
  grep -q '"state":"failed"' "$status_file" || fail "This did not succeed: $1"
  exit 1
}

units() {
  systemctl daemon-reload
  systemctl enable --now timmy-node-status.socket timmy-node-watch.timer
}

docker_answers() { docker info >/dev/null 2>&1; }
docker_up() {
  systemctl enable --now docker
  wait_for 120 5 docker_answers || fail "Docker did not start within 120 s"
}

stage "The status page is starting" units
stage "Docker is starting" docker_up
stage "The firewall is being set" bash "$here/firewall.sh"
stage "The private network is being joined" bash "$here/tailscale.sh"
stage "The disk is being prepared" bash "$here/volume.sh"
stage "Bitcoin Core is starting" bash "$here/bitcoind.sh"
stage "LND is starting" bash "$here/lnd.sh"
stage "LNbits is starting" bash "$here/lnbits.sh"
stage "The credentials are being written" bash "$here/credentials.sh"
say "done"
status ready "The node is up"
