const fs = require('node:fs');

// In KB: of the largest area of memory, and of all of them.
exports.large = async () => {
  const areas = fs
    .readFileSync('/proc/self/smaps', 'latin1')
    .split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/)
    .map((text) => ({ size: field(text, 'Size'), large: field(text, 'AnonHugePages'), writable: / rw-p /.test(text) }));
  const heap = areas.filter(({ writable }) => writable).sort((one, other) => other.size - one.size)[0];
  return [heap.large, areas.reduce((sum, { large }) => sum + large, 0)];
};

const field = (text, name) => Number(new RegExp(`^${name}:\\s+([0-9]+)`, 'm').exec(text)?.[1] ?? 0);
