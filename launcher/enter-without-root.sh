#!/bin/sh
# The first process of the namespaces that an ordinary user's supervisor lives in: a user namespace that shows him as root, with its own
# processes and mounts. Makes a network namespace, gives it its way out, and runs the supervisor in it. When this process ends, the kernel
# ends all others in here. Called by without-root.ts alone, through `unshare`; it hands over checked values.
#
#   enter-without-root.sh LOCK RESOLV_CONF PASTA_OPTIONS COMMAND...      (no PASTA_OPTIONS: no way out)
#
# LOCK, if there is one, is a folder that only one of these may hold: a former life on its way out is waited for.
#
# Standard input goes to the command.
set -eu
lock=$1 resolv=$2 pasta=$3
shift 3
exec 3<&0
if [ -n "$lock" ]; then
  exec 4<"$lock"
  flock --exclusive --timeout 15 4 || { echo "millrace: another Millrace runs on $lock" >&2; exit 1; }
fi

# `ip netns` wants a place that only root has outside.
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir /run/netns
# The machine's resolver may be on its loopback, which isn't the loopback here.
own=$(readlink -m /etc/resolv.conf)
case $own in
/run/*)
  mkdir -p "${own%/*}"
  printf '%s' "$resolv" >"$own"
  ;;
*)
  printf '%s' "$resolv" >/run/resolv.conf
  [ ! -e "$own" ] || mount --bind /run/resolv.conf "$own"
  ;;
esac
touch /run/netns/outside
unshare --net=/run/netns/outside true
nsenter --net=/run/netns/outside ip link set lo up
# It goes into the background once the link is up. The options are words without spaces.
[ -z "$pasta" ] || pasta $pasta --netns /run/netns/outside 3<&- 4<&-

nsenter --net=/run/netns/outside "$@" <&3 3<&- 4<&- &
exec 3<&-
# Also takes in what ends without a parent, as a first process must.
wait $!
