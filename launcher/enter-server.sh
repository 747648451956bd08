#!/bin/sh
# Becomes the server: gives up root for an ordinary user. That user may be unable to reach the folders that the
# program lies in (a clone below /root, say), so they are bound, in a mount namespace of this process alone, to places
# that it can reach. Called by launch.ts alone, as root, inside `unshare --mount`.
#
#   enter-server.sh UID GID SOURCE TARGET [SOURCE TARGET ...] -- COMMAND...
set -eu
uid=$1 gid=$2
shift 2
while [ "$1" != -- ]; do
  mount --bind "$1" "$2"
  shift 2
done
shift
exec setpriv --reuid "$uid" --regid "$gid" --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs \
  --pdeathsig TERM "$@"
