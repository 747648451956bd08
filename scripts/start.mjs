// `npm start`: installs what is missing, then runs the server in the foreground and builds the console beside
// it. Does nothing else: what the server does at its start (database, migrations, tokens) is
// launcher/main.ts and what that starts. Runs on any Node >= 18.
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { compileCacheSettings } from './compile-cache.mjs';
import { runInForeground } from './foreground.mjs';
import {
  findNode,
  installServerPackages,
  installSystemPackages,
  installTelemetry,
  orExplain,
  ROOT,
  sandboxPackages,
  serverEnvironment,
} from './install.mjs';

// The server runs as a user of its own, who must be able to read what is installed here, whatever the shell's
// habit.
process.umask(0o022);
await orExplain(async () => {
  installServerPackages();
  installSystemPackages(sandboxPackages(process.env));
  if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) installTelemetry();
  const node = findNode();
  const main = path.join(ROOT, 'launcher/main.ts');
  const endBuilding = buildBeside(node);
  process.exitCode = await runInForeground(
    node,
    [main, 'start', ...process.argv.slice(2)],
    // The launcher ends with us, however we end.
    { ...compileCacheSettings(ROOT), ...serverEnvironment(), MILLRACE_INTERNAL_PARENT: String(process.pid) },
  );
  endBuilding();
});

/**
 * The console is built while the server starts, where its sources have changed: the page at its address says
 * so meanwhile. Then the server's code is compiled for its next start. What they print is of an installation
 * that goes wrong.
 * @returns what ends it
 */
function buildBeside(node) {
  const scripts = ['build-console.mjs', 'compile-server.mjs'];
  let building = null;
  const next = () => {
    const script = scripts.shift();
    if (script === undefined) return;
    const args = [path.join(ROOT, 'scripts', script), '--beside'];
    building = spawn(node, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    building.once('exit', next);
    // The server has the machine first: its start takes nearly twice as long beside one that is as urgent.
    if (building.pid !== undefined) os.setPriority(building.pid, os.constants.priority.PRIORITY_LOW);
  };
  next();
  return () => {
    scripts.length = 0;
    building.kill();
  };
}
