// A real PostgreSQL, the embedded one: database and user `postgres`, password `secret`. It sees its binaries
// through a mount of its own, because the clone may lie where only root can look.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { embeddedBinDir } from '../../../src/postgres/embedded-postgres.ts';
import { serveProgram } from '../program.ts';

const ENTER = 'mount --bind "$0" "$1" && shift && exec "$@"';

await serveProgram({
  port: 5432,
  prefix: (folder) => {
    const native = path.join(folder, 'native');
    mkdirSync(native, { recursive: true });
    return ['unshare', '--mount', 'sh', '-c', ENTER, path.dirname(embeddedBinDir()), native];
  },
  prepare: (folder) => {
    const passwordFile = path.join(folder, 'password');
    writeFileSync(passwordFile, 'secret\n', { mode: 0o644 });
    const options = [
      '-U',
      'postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--no-sync',
      '--locale=C',
    ];
    return [
      [`${folder}/native/bin/initdb`, '-D', `${folder}/cluster`, ...options],
      // Its own rules know only the loopback.
      ['sh', '-c', `echo 'host all all all scram-sha-256' >> "$0"`, `${folder}/cluster/pg_hba.conf`],
    ];
  },
  command: (folder, address) => [
    ...[`${folder}/native/bin/postgres`, '-D', `${folder}/cluster`, '-c', `listen_addresses=${address}`],
    ...['-c', `unix_socket_directories=${folder}`, '-c', 'fsync=off', '-c', 'log_min_messages=fatal'],
  ],
});
