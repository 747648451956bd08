#!/bin/sh
# Puts one segment of the write-ahead log into the archive, or gets one from there. Run by PostgreSQL, which tries
# again after a failure, also what it has archived already: the same segment twice is no error, another of the same
# name is. What is in the archive is whole.
#
#   archive-segment.sh put|get PATH NAME ARCHIVE
set -eu
way=$1 path=$2 kept=$4/$3.gz
if [ "$way" = get ]; then
  [ -f "$kept" ] || exit 1
  exec gzip -dc "$kept" > "$path"
fi
if [ -f "$kept" ]; then
  gzip -dc "$kept" | cmp -s - "$path" && exit 0
  echo "millrace: $3 is in the archive already, and differs" >&2
  exit 1
fi
umask 077
gzip -1c "$path" > "$kept.part"
sync "$kept.part"
mv "$kept.part" "$kept"
sync -f "$4"
