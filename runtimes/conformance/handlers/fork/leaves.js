// Leaves everything behind that a run can leave, and tells what it has found of an earlier one.
const { spawn } = require('node:child_process');
const { loaded } = require('draws');

let runs = 0;

exports.handler = async () => {
  runs += 1;
  loaded.runs += 1;
  globalThis.runs = (globalThis.runs ?? 0) + 1;
  Object.prototype.runs = (Object.prototype.runs ?? 0) + 1;
  process.env.RUNS = String(Number(process.env.RUNS ?? 0) + 1);
  const listeners = process.listenerCount('SIGUSR2');
  process.on('SIGUSR2', () => {});
  setInterval(() => console.log('a timer of an earlier run'), 1);
  return [runs, loaded.runs, globalThis.runs, {}.runs, process.env.RUNS, listeners];
};

exports.daemons = async () => {
  const child = spawn('sh', ['-c', 'trap "" TERM; (setsid sleep 1000 & echo $!); while :; do sleep 1; done'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const grandchild = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(Number(text))));
  return [child.pid, grandchild];
};
