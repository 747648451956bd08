#!/bin/sh
# Waits beside a blank jail for the name of its bundle and binds that into the jail's task folder, from where it propagates into
# the jail. Runs as root in the mount namespace and the cgroup of the jail, out of its sight; ends after one bundle, or with the
# supervisor. Started by enter-jail.sh; task-folder.ts, the other end of stdin and stdout, sends a checked hash.
#
#   assign-bundle.sh STAGE        says `staged`, reads HASH, says `assigned`, or why not
set -eu
stage=$1
echo staged
read -r hash || exit 0
# Once entered, the folder can't be exchanged any more; that it has this very path proves that no link led here.
cd -P "$stage/bundles/$hash"
[ "$PWD" = "$stage/bundles/$hash" ] || { echo "the bundle's folder leads to $PWD"; exit 71; }
mount -c --bind . "$stage/task"
echo assigned
