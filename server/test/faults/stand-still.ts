// Makes the event loop of a running process stand still for good, from outside: opens its inspector by
// SIGUSR1 and has it run a loop without end. For the tests of what watches the server.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where Node's inspector listens when a signal has opened it. */
const INSPECTOR = 'http://127.0.0.1:9229/json/list';
const PATIENCE_MS = 15_000;

export async function standStill(pid: number): Promise<void> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await inspectorAddress());
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const told = new Promise<{ result: { result: { value: unknown } } }>((resolve) => {
    socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)));
  });
  evaluate(socket, 'process.pid');
  assert.equal((await told).result.result.value, pid, 'the inspector is of another process');
  evaluate(socket, 'for (;;);');
}

function evaluate(socket: WebSocket, expression: string): void {
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
}

async function inspectorAddress(): Promise<string> {
  for (const giveUpAt = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    try {
      const [target] = (await (await fetch(INSPECTOR)).json()) as { webSocketDebuggerUrl: string }[];
      if (target !== undefined) return target.webSocketDebuggerUrl;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
    }
  }
}
