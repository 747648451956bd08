const { spawnSync } = require('node:child_process');
const { readlinkSync } = require('node:fs');
const listLinks = `
  const fs = require('fs');
  for (const fd of fs.readdirSync('/proc/self/fd')) try { console.log(fs.readlinkSync('/proc/self/fd/' + fd)); } catch {}`;
exports.handler = async () => {
  const control = readlinkSync('/proc/self/fd/3');
  const child = spawnSync(process.execPath, ['-e', listLinks]);
  const links = child.stdout.toString().trim().split('\n');
  return { isSocket: control.startsWith('socket:'), some: links.length > 2, inherited: links.includes(control) };
};
