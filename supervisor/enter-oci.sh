#!/bin/sh
# Turns itself into one container: stages the sandbox's folders in a mount namespace of its own and becomes the OCI runtime, which
# builds the rest from config.json. Never parses anything: the supervisor (oci-jail.ts), which alone calls it, hands over
# checked values. Runs as root, first process of a pid namespace: when the runtime is killed, the kernel ends all it has started. What
# the runtime writes down lies in this mount namespace and goes with it.
#
#   enter-oci.sh STAGE BUNDLE LAYER ENGINE HOME -- RUNTIME...      (LAYER may be empty)
#
# Descriptors: 0-2 and 3 belong to the function's process; 4 gives config.json; 5 is the bundle's folder and 6 the engine's binary or folder as
# the supervisor checked them; 7 takes this process's id, as the machine counts, once all is staged; 8 is the layer's folder.
set -eu
stage=$1 bundle=$2 layer=$3 engine=$4 home=$5
shift 6

mount -c -t tmpfs -o mode=0700,size=16m,nosuid,nodev,noexec tmpfs "$stage/tmp"
cat <&4 >"$stage/tmp/config.json"
engine_place=$stage/engine-file
[ ! -d "$engine" ] || engine_place=$stage/engine-folder
mount -c --bind "$engine" "$engine_place"
mount -c --bind "$home/contract" "$stage/contract"
mount -c --bind "$home/runtimes" "$stage/runtimes"
# The paths are the server's to change, the descriptors aren't: what gets mounted must be what was checked.
[ "$engine_place" -ef /proc/self/fd/6 ] || { echo "the engine was exchanged" >&2; exit 71; }
cd "$bundle"
[ . -ef /proc/self/fd/5 ] || { echo "the bundle's folder was exchanged" >&2; exit 71; }
mount -c --bind . "$stage/task"
if [ -n "$layer" ]; then
  cd "$layer"
  [ . -ef /proc/self/fd/8 ] || { echo "the layer's folder was exchanged" >&2; exit 71; }
  mount -c --bind . "$stage/layer"
fi
cd /
# Read from the machine's /proc, which still is the one here.
read -r own_id rest </proc/self/stat
echo "$own_id" >&7

mount -t proc proc /proc
exec "$@" 4<&- 5<&- 6<&- 7<&- 8<&-
