// The attack on what the host remembers: every connection out of a sandbox has an entry in a table of the
// kernel that all sandboxes and the platform itself share. When it is full, nobody gets a connection any
// more. The bomb here is a small part of a full one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { attack, skipAttacks } from './attack.ts';
import { makeCanary, openScene, type Scene } from './open-scene.ts';
import { openTap, type Tap } from './open-tap.ts';

const DATAGRAMS = 20_000;
/** What one sandbox may have the host remember, generously. */
const MOST_ENTRIES = 5_000;
const TABLE = '/proc/sys/net/netfilter/nf_conntrack_count';

let tap: Tap;
let scene: Scene;

before(async () => {
  if (skipAttacks !== false) return;
  tap = await openTap({}, makeCanary('connection'));
  // Datagrams need no answer: the cheapest way to make the host remember much, where they are let out at all.
  scene = await openScene({ ...tap.env, MILLRACE_EGRESS_UDP: '*' });
});
after(async () => {
  await scene?.close();
  await tap?.close();
});

attack('connection-bomb', async () => {
  const entries = (): number => Number(readFileSync(TABLE, 'utf8'));
  const before = entries();
  const sent = await scene.attacker.got('native', ['spray', '203.0.113.9', String(DATAGRAMS)]);
  const added = entries() - before;
  assert.match(sent, /sent [0-9]+/);
  assert.ok(tap.seen().includes('203.0.113.9 udp'), 'some of it went out');
  assert.ok(added < MOST_ENTRIES, `${added} entries of the host's table after ${sent.trim()} datagrams`);
  assert.equal((await scene.neighbour.call('count')).status, 200);
});
