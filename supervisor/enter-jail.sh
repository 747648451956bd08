#!/bin/sh
# Turns itself into one jail: joins the cgroups, stages the jail's folders in a mount namespace of its own, gives up
# root and becomes bubblewrap. Never parses anything: the supervisor (jail.ts), which alone calls it, hands over
# checked values. Runs as root inside `nsenter --net=... unshare --mount`, in the sandbox's network namespace.
#
#   enter-jail.sh STAGE BUNDLES HASH LAYER ENGINE HOME SECCOMP UID TMP_OPTIONS OPEN_FILES CGROUP_PROCS... -- COMMAND...
#
# Without a HASH the jail is blank: its code comes later, by assign-bundle.sh. LAYER, a folder of packages, may be empty.
#
# Descriptors: 0-2 and 3 belong to the runtime; 4 gives bubblewrap's options; 5 is the bundle's folder as the
# supervisor checked it, or a blank jail's channel for assign-bundle.sh; 6 is the engine's binary or folder as it was checked; 7 becomes
# the filter of system calls; 8 is the layer's folder as it was checked.
set -eu
stage=$1 bundles=$2 hash=$3 layer=$4 engine=$5 home=$6 seccomp=$7 uid=$8 tmp_options=$9
shift 9
open_files=$1
shift
while [ "$1" != -- ]; do
  echo $$ >"$1"
  shift
done
shift

ulimit -n "$open_files"
ulimit -c 0
# When the whole machine runs out of memory, a jail goes before the platform does.
echo 500 >/proc/self/oom_score_adj

mount -c -t tmpfs -o "$tmp_options" tmpfs "$stage/tmp"
engine_place=$stage/engine-file
[ ! -d "$engine" ] || engine_place=$stage/engine-folder
mount -c --bind "$engine" "$engine_place"
mount -c --bind "$home/contract" "$stage/contract"
mount -c --bind "$home/runtimes" "$stage/runtimes"
# The paths are the server's to change, the descriptors aren't: what gets mounted must be what was checked.
[ "$engine_place" -ef /proc/self/fd/6 ] || { echo "the engine was exchanged" >&2; exit 71; }
if [ -n "$hash" ]; then
  cd "$bundles/$hash"
  [ . -ef /proc/self/fd/5 ] || { echo "the bundle's folder was exchanged" >&2; exit 71; }
  mount -c --bind . "$stage/task"
  if [ -n "$layer" ]; then
    cd "$layer"
    [ . -ef /proc/self/fd/8 ] || { echo "the layer's folder was exchanged" >&2; exit 71; }
    mount -c --bind . "$stage/layer"
  fi
  cd /
else
  # Whatever is bound from here is read-only from its first moment on; a remount would come too late.
  cd -P "$bundles"
  [ "$PWD" = "$bundles" ] || { echo "the bundles' folder leads to $PWD" >&2; exit 71; }
  mount -c --bind . "$stage/bundles"
  mount -c -o remount,bind,ro,nosuid,nodev none "$stage/bundles"
  # bubblewrap's mounts become slaves of a shared one: what is mounted here later appears in the jail as well. Read-only at once: code
  # that comes while bubblewrap builds may cover the place before it can be made so from there.
  for place in "$stage/task" "$stage/layer"; do
    mount -c --bind "$place" "$place"
    mount -c -o remount,bind,ro,nosuid,nodev none "$place"
    mount -c --make-shared "$place"
  done
  cd /
  sh "${0%/*}/assign-bundle.sh" "$stage" <&5 >&5 2>&1 3<&- 4<&- 5<&- 6<&- 8<&- &
fi

# Process 1 of the jail keeps the environment, and lets the function read it.
unset PWD OLDPWD
if [ "$uid" = 0 ]; then
  # Without root there is but one user, whose groups can't be given up. What counts as root here must not be what bubblewrap begins as:
  # a user namespace more has it begin as an ordinary user. The capability makes the kernel accept that, and ends there.
  exec setpriv --reuid 0 --regid 0 --keep-groups --inh-caps=-all --bounding-set=-all,+setfcap --no-new-privs \
    unshare --user --map-user=1000 --map-group=1000 bwrap --args 4 -- "$@" 5<&- 6<&- 7<"$seccomp" 8<&-
fi
exec setpriv --reuid "$uid" --regid "$uid" --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs \
  bwrap --args 4 -- "$@" 5<&- 6<&- 7<"$seccomp" 8<&-
