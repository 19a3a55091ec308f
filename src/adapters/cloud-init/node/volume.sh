#!/usr/bin/env bash
# Finds the node's volume, formats it if it is blank and only then, and mounts it for good.
# Without a volume the data lie on the machine's own disk.
# shellcheck source=common.sh
. "${NODE_ROOT:-}/opt/timmy-node/common.sh"

fstab=$root/etc/fstab
mkdir -p "$data"
if [[ -z $VOLUME_NAME ]]; then
  say "no volume: the data lie on the machine's own disk"
  exit 0
fi

# https://docs.digitalocean.com/products/volumes/details/naming-conventions/
link=$root/dev/disk/by-id/scsi-0DO_Volume_$VOLUME_NAME
wait_for 120 5 test -e "$link" || fail "The volume did not appear within 120 s"
disk=$(readlink -f "$link")

# A tool that fails must never look like a disk on which there is nothing: hence the checks one by one.
contents=$(lsblk --noheadings --list --output FSTYPE,PTTYPE "$disk") || fail "The volume cannot be looked at"
devices=$(lsblk --noheadings --list --output NAME "$disk") || fail "The volume cannot be looked at"
beginning=$(head -c 1048576 "$disk" | tr -d '\000' | wc -c) || fail "The volume cannot be read"

# No file system, no table of partitions, no partitions, and nothing but zeros in its first MiB.
blank() {
  [[ -z ${contents//[[:space:]]/} && $(wc -l <<<"$devices") -eq 1 && $beginning -eq 0 ]]
}

if blank; then
  say "the volume is blank: it gets a file system"
  mkfs.ext4 -q -L timmy-node "$disk" || fail "The volume cannot be formatted"
else
  say "the volume is in use: it is left as it is"
fi

uuid=$(blkid -s UUID -o value "$disk") || uuid=
type=$(blkid -s TYPE -o value "$disk") || type=
[[ -n $uuid && -n $type ]] || fail "The volume holds something that is no file system; it was left alone"
if ! grep -q "^UUID=$uuid " "$fstab"; then
  printf 'UUID=%s %s %s defaults,nofail,noatime 0 2\n' "$uuid" "$data" "$type" >>"$fstab"
fi
# After a restart nothing may begin anew on the machine's own disk because the volume is late.
mkdir -p "$root/etc/systemd/system/docker.service.d"
printf '[Unit]\nRequiresMountsFor=%s\n' "$data" | put 644 "$root/etc/systemd/system/docker.service.d/volume.conf"
systemctl daemon-reload
if ! mountpoint -q "$data"; then
  mount "$data" || fail "The volume cannot be mounted"
fi
