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
  const building = buildBeside(node);
  process.exitCode = await runInForeground(
    node,
    [main, 'start', ...process.argv.slice(2)],
    // The launcher ends with us, however we end.
    { ...compileCacheSettings(ROOT), ...serverEnvironment(), MILLRACE_INTERNAL_PARENT: String(process.pid) },
  );
  building.kill();
});

/**
 * The console is built while the server starts, where its sources have changed: the page at its address says
 * so meanwhile. What it prints is of an installation that goes wrong.
 */
function buildBeside(node) {
  const script = path.join(ROOT, 'scripts/build-console.mjs');
  const building = spawn(node, [script, '--beside'], { stdio: ['ignore', 'inherit', 'inherit'] });
  // The server has the machine first: its start takes nearly twice as long beside one that is as urgent.
  if (building.pid !== undefined) os.setPriority(building.pid, os.constants.priority.PRIORITY_LOW);
  return building;
}
