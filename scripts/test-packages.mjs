// The system packages that only the tests use: `command`, or `file`, shows whether one is there. Installed by
// scripts/test.mjs before the first test.
import { RUNC } from './install.mjs';

export const TEST_PACKAGES = [
  RUNC,
  { command: 'pasta', package: 'passt', why: 'is the way out of functions where Millrace runs without root' },
  { command: 'openssl', package: 'openssl', why: 'makes the certificates of the tests’ own internet' },
  { command: 'javac', package: 'default-jdk-headless', why: 'compiles the functions in Java' },
  { command: 'dnsmasq', package: 'dnsmasq-base', why: 'is the name server of the tests’ own internet' },
  { command: 'curl', package: 'curl', why: 'calls the platform as a user does' },
  { command: 'zip', package: 'zip', why: 'packs functions as a user does' },
  { command: 'jq', package: 'jq', why: 'reads answers as a user does' },
  { command: 'script', package: 'bsdutils', why: 'is the terminal that tokens are shown on' },
  { command: 'chromium', package: 'chromium', why: 'opens pages that call functions, as a visitor does' },
  {
    command: 'nginx',
    package: 'nginx-light',
    why: 'is the web server in front of a site that calls functions',
  },
  { command: 'mariadbd', package: 'mariadb-server-core', why: 'is the MySQL that functions and queries ask' },
  {
    command: 'my_print_defaults',
    package: 'mariadb-client-core',
    why: 'makes the first database of that MySQL',
  },
  { command: 'redis-server', package: 'redis-server', why: 'is the Redis that functions ask' },
  {
    file: '/usr/lib/python3/dist-packages/debugpy/__init__.py',
    package: 'python3-debugpy',
    why: 'is what debuggers of Python attach to',
  },
  { command: 'pebble', package: 'pebble', why: 'is the authority that gives certificates by ACME' },
  { command: 'gcc', package: 'gcc', why: 'builds the attacks that no script can make' },
  { command: 'gcc', package: 'libc6-dev', why: 'builds the attacks that no script can make' },
];
