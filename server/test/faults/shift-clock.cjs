// Loaded into the processes of a Millrace by NODE_OPTIONS: their wall clock is off by as many milliseconds as
// the file says that SHIFT_CLOCK_FILE names, now. Timers and performance.now() go on as they are, as when an
// operator sets a clock.
const { readFileSync } = require('node:fs');

const file = process.env.SHIFT_CLOCK_FILE;
const RealDate = Date;
let offsetMs = 0;

function look() {
  try {
    offsetMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    offsetMs = 0;
  }
}

if (file !== undefined) {
  look();
  setInterval(look, 50).unref();
  globalThis.Date = class ShiftedDate extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(RealDate.now() + offsetMs);
      else super(...given);
    }

    static now() {
      return RealDate.now() + offsetMs;
    }
  };
}
