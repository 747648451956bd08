// What sandboxes do on the network, as the kernel has it: starts call-watch/watch-calls with the server's
// socket as its output, and says to it which sandbox is in which namespace. Reads nothing of what it says.
// Without the program, which takes a C compiler to build, the server is turned away. Called by supervisor.ts
// and jail.ts.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import type { Logger } from 'pino';

const CALL_WATCH_PROGRAM = path.join(import.meta.dirname, 'call-watch/build/watch-calls');

export type CallWatch = {
  /** The server's connection, which gets what is seen from now on. The one before is closed. */
  serve(socket: Socket): void;
  /** A sandbox has got its network; before anybody's code is inside. */
  opened(sandbox: string, namespaceFile: string): void;
  /** Before its network goes. */
  closed(sandbox: string): void;
  close(): void;
};

export function openCallWatch(log: Logger, program = CALL_WATCH_PROGRAM): CallWatch {
  const namespaces = new Map<string, string>();
  let watcher: Watcher | null = null;
  return {
    serve: (socket) => {
      watcher?.end();
      watcher = null;
      if (!existsSync(program)) {
        log.warn({ program }, 'outgoing calls of runs are not seen: the program that watches is not built');
        socket.destroy();
        return;
      }
      watcher = startWatcher(program, socket, log);
      for (const [sandbox, file] of namespaces) watcher.say(`+ ${sandbox} ${file}`);
    },
    opened: (sandbox, namespaceFile) => {
      namespaces.set(sandbox, namespaceFile);
      watcher?.say(`+ ${sandbox} ${namespaceFile}`);
    },
    closed: (sandbox) => {
      if (namespaces.delete(sandbox)) watcher?.say(`- ${sandbox}`);
    },
    close: () => watcher?.end(),
  };
}

type Watcher = { say(line: string): void; end(): void };

/** It ends when either side is gone. */
function startWatcher(program: string, socket: Socket, log: Logger): Watcher {
  const child: ChildProcess = spawn(program, { cwd: '/', env: {}, stdio: ['pipe', socket, 'pipe'] });
  const commands = child.stdin as Writable;
  commands.on('error', () => {});
  child.once('error', (error) => log.error({ err: error }, 'outgoing calls of runs are not seen'));
  child.once('exit', () => socket.destroy());
  if (child.stderr !== null)
    createInterface(child.stderr).on('line', (line) => log.warn({ line }, 'watching outgoing calls'));
  // The program has a copy of its own.
  child.once('spawn', () => socket.destroy());
  return { say: (line) => commands.write(`${line}\n`), end: () => commands.end() };
}
