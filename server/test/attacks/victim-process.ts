// The victim of the attacks on what all callers share: a process of its own, so that its waits are the
// server's and not those of the attacker who sends megabytes beside it. Calls one address again and again;
// answers every message with its longest wait since the last. ms
import http from 'node:http';

const [, , url = '', token = ''] = process.argv;
const PAUSE_MS = 10;
const agent = new http.Agent({ keepAlive: true });
let longestMs = 0;

function call(): Promise<void> {
  return new Promise((resolve) => {
    const request = http.get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      answer.resume().on('end', resolve);
    });
    request.on('error', () => resolve());
  });
}

process.on('message', () => {
  process.send?.(longestMs);
  longestMs = 0;
});
process.on('disconnect', () => process.exit());

for (;;) {
  const startedAt = performance.now();
  await call();
  longestMs = Math.max(longestMs, performance.now() - startedAt);
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
