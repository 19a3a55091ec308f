#!/usr/bin/env bash
# Joins the private network, once, with the key that was minted for this node.
# shellcheck source=common.sh
. "${NODE_ROOT:-}/opt/timmy-node/common.sh"

[[ $WITH_TAILSCALE == yes ]] || exit 0
key=$secrets/tailscale-key

# Tailscale's own packages: https://tailscale.com/kb/1174/install-debian-bookworm
fetch_list() {
  local from
  # shellcheck source=/dev/null
  from=$(. "$root/etc/os-release" && printf 'https://pkgs.tailscale.com/stable/%s/%s' "$ID" "$VERSION_CODENAME")
  curl --silent --show-error --fail --location --max-time 60 "$from.noarmor.gpg" |
    put 644 "$root/usr/share/keyrings/tailscale-archive-keyring.gpg" &&
    curl --silent --show-error --fail --location --max-time 60 "$from.tailscale-keyring.list" |
    put 644 "$root/etc/apt/sources.list.d/tailscale.list"
}
install_it() {
  fetch_list && apt-get -o DPkg::Lock::Timeout=300 update &&
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install --yes tailscale
}

if ! command -v tailscale >/dev/null; then
  wait_for 600 15 install_it || fail "Tailscale cannot be installed"
fi
systemctl enable --now tailscaled
if [[ -s $key ]]; then
  # From a file, so that no list of processes shows it.
  wait_for 300 15 tailscale up --timeout=60s --auth-key="file:$key" --hostname="$NODE_NAME" || fail "The private network lets nobody in"
  rm -f "$key"
fi
