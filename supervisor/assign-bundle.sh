#!/bin/sh
# Waits beside a blank jail for the names of its bundle and layer and binds them into the jail's folders, from where they propagate
# into the jail. Runs as root in the mount namespace and the cgroup of the jail, out of its sight; ends after one bundle, or with the
# supervisor. Started by enter-jail.sh; task-folder.ts, the other end of stdin and stdout, sends a checked hash.
#
#   assign-bundle.sh STAGE        says `staged`, reads HASH and LAYER (or nothing), says `assigned`, or why not
set -eu
stage=$1
echo staged
read -r hash layer || exit 0
# Once entered, a folder can't be exchanged any more; that it has this very path proves that no link led here.
bind() {
  cd -P "$1"
  [ "$PWD" = "$1" ] || { echo "$1 leads to $PWD"; exit 71; }
  mount -c --bind . "$2"
}
[ -z "$layer" ] || bind "$stage/bundles/$layer/node_modules" "$stage/layer"
bind "$stage/bundles/$hash" "$stage/task"
echo assigned
