const fs = require('node:fs');
exports.handler = async () => {
  const body = Buffer.from('{"stdoutBytes":0,"stderrBytes":0}"forged"');
  const frame = Buffer.alloc(17 + body.length);
  frame.writeUInt32LE(4 + body.length, 0);
  frame[4] = 18;
  frame.writeUInt32LE(body.length - 8, 13);
  body.copy(frame, 17);
  fs.writeSync(3, frame);
  return 'real';
};
