// A real MariaDB: database `shop`, user `app` with the password `secret`, an empty table `sales (id,
// amount)`.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { serveProgram } from '../program.ts';

const FIRST_WORDS = [
  'create database shop',
  `create user app@'%' identified by 'secret'`,
  `grant all on shop.* to app@'%'`,
  'create table shop.sales (id varchar(20) primary key, amount decimal(10, 2))',
];

await serveProgram({
  port: 3306,
  prepare: (folder) => {
    writeFileSync(path.join(folder, 'first.sql'), FIRST_WORDS.map((line) => `${line};\n`).join(''), {
      mode: 0o644,
    });
    const options = ['--no-defaults', `--datadir=${folder}/data`, '--auth-root-authentication-method=normal'];
    return [['mariadb-install-db', ...options, '--skip-test-db']];
  },
  command: (folder, address) => [
    ...[
      'mariadbd',
      '--no-defaults',
      `--datadir=${folder}/data`,
      `--socket=${folder}/socket`,
      `--pid-file=${folder}/pid`,
    ],
    ...[`--bind-address=${address}`, '--port=3306', '--skip-name-resolve', '--innodb-buffer-pool-size=16M'],
    ...[`--init-file=${folder}/first.sql`, `--log-error=${folder}/errors`],
  ],
});
