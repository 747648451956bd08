// Runs one program in the foreground on behalf of `npm start` and passes signals on to it, each exactly once.
// The program gets a process group of its own: otherwise Ctrl-C would reach it from the terminal, from npm
// and from us, and it would take the second as impatience. Knows nothing of what it runs. Runs on any Node >=
// 18.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** How often we look whether what started us is still there. */
const LOOK_EVERY_MS = 500;

/**
 * @param {string} file
 * @param {string[]} args
 * @param {Record<string, string | undefined>} env
 * @param {number} sameSignalMs  npm passes a terminal's Ctrl-C on to us although the terminal has done so
 * already: within
 *   this time two signals of a kind are one
 * @returns {Promise<number>} the program's exit status, or 128 + n when signal n ended it
 */
export function runInForeground(file, args, env, sameSignalMs = 300) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: 'inherit', detached: true });
    const lastSeenMs = new Map();
    const pass = (signal) => {
      const nowMs = performance.now();
      const isSame = nowMs - (lastSeenMs.get(signal) ?? Number.NEGATIVE_INFINITY) < sameSignalMs;
      lastSeenMs.set(signal, nowMs);
      // A closed terminal means the same as a polite request to end.
      if (!isSame) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
    // What started us was killed the hard way: nobody is left to pass a signal on.
    const parent = process.ppid;
    const watch = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), LOOK_EVERY_MS);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, pass);
      resolve(signal === null ? code : 128 + constants.signals[signal]);
    });
  });
}
