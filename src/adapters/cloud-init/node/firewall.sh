#!/usr/bin/env bash
# Closed but for SSH, Bitcoin, Lightning and the status page. LNbits is reached through the private network or SSH.
# shellcheck source=common.sh
. "${NODE_ROOT:-}/opt/timmy-node/common.sh"

ufw default deny incoming
ufw default allow outgoing
for port in 22 8333 9735 "$STATUS_PORT"; do
  ufw allow "$port/tcp"
done
if [[ $WITH_TAILSCALE == yes ]]; then
  ufw allow in on tailscale0
fi
ufw --force enable
