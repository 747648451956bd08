// A real Redis, with the password `secret`.
import { serveProgram } from '../program.ts';

await serveProgram({
  port: 6379,
  command: (folder, address) => [
    ...[
      'redis-server',
      '--bind',
      address,
      '--port',
      '6379',
      '--requirepass',
      'secret',
      '--dir',
      folder,
      '--save',
      '',
    ],
    ...['--daemonize', 'no', '--logfile', '/dev/null'],
  ],
});
