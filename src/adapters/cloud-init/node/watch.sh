#!/usr/bin/env bash
# Every two minutes. LND serves nobody before Bitcoin Core is in sync, and LNbits gives up on a funding source that
# does not answer at its start: so LNbits is started again once LND serves, after every start of the machine.
# shellcheck source=common.sh
. "${NODE_ROOT:-}/opt/timmy-node/common.sh"

joined=$root/run/timmy-node-lnbits-joined
if [[ ! -e $joined && $(lnd_state) == SERVER_ACTIVE ]]; then
  docker restart lnbits >/dev/null
  touch "$joined"
fi

# A day after the node is up nobody asks how far it is.
closed=$here/status-page-closed
if [[ ! -e $closed ]] && grep -q '"state":"ready"' "$status_file" && [[ -n $(find "$status_file" -mmin +1440) ]]; then
  systemctl disable --now timmy-node-status.socket
  ufw delete allow "$STATUS_PORT/tcp" >/dev/null
  touch "$closed"
fi
