// What failed, since when and how often, as an owner asks it: faults in groups, their runs, replayed
// together. Through the public port, with real jails.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RunView } from './customer.ts';
import { type Json, OwnCustomer } from './own-customer.ts';
import { makeSecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const BROKEN = `
  function readOrder(id) { throw new RangeError('order ' + id + ' is too large'); }
  exports.handler = async ({ data }) => (data.other ? null.x : readOrder(data.id));`;
const MENDED = 'exports.handler = async ({ data }) => data;';

type Group = Json & {
  id: string;
  type: string;
  message: string;
  frame: string;
  count: number;
  versions: number[];
};
type Groups = { data: Group[] };
type One = Group & {
  by_hour: { count: number }[];
  example: { run_id: string; frames: { file: string; line: number; name: string; own: boolean }[] };
};

let millrace: Millrace;
let customer: OwnCustomer;
before(async () => {
  if (noJails() !== false) return;
  millrace = await startMillrace();
  customer = new OwnCustomer(millrace);
});
after(() => millrace?.close());

test('faults that are alike are one group, which is read, published and replayed', {
  skip: noJails(),
}, async () => {
  const fn = await customer.make({ name: 'broken', code: { inline: BROKEN } });
  for (const data of [{ id: 1 }, { id: 22 }, { other: true }, { id: 333 }]) {
    await customer.v1('POST', `/functions/${fn.id}/runs`, data);
  }
  const { data: groups } = await customer.v1<Groups>('GET', `/errors?function_id=${fn.id}`);
  assert.deepEqual(
    groups.map(({ type, message, count, versions }) => [type, message, count, versions]),
    [
      ['RangeError', 'order <n> is too large', 3, [1]],
      ['TypeError', "Cannot read properties of null (reading 'x')", 1, [1]],
    ],
  );
  const group = groups[0] as Group;
  assert.match(group.frame, /^readOrder index\.js$/);
  const one = await customer.v1<One>('GET', `/errors/${group.id}`);
  assert.equal(
    one.by_hour.reduce((sum, { count }) => sum + count, 0),
    3,
  );
  const [frame] = one.example.frames;
  assert.deepEqual([frame?.file, frame?.name, frame?.own, frame?.line], ['index.js', 'readOrder', true, 2]);
  const { data: runs } = await customer.v1<{ data: RunView[] }>('GET', `/errors/${group.id}/runs`);
  assert.equal(runs.length, 3);
  assert.equal(runs[0]?.id, one.example.run_id);

  const shown = await customer.v1<{
    error_group: string;
    frames: { source: { line: number; text: string }[] }[];
  }>('GET', `/runs/${one.example.run_id}/error`);
  assert.equal(shown.error_group, group.id);
  const line = shown.frames[0]?.source.find(({ line: number }) => number === frame?.line);
  assert.match(line?.text ?? '', /throw new RangeError/);

  const { data: events } = await customer.v1<{ data: { id: string }[] }>('GET', '/events?type=error.new');
  const published = events.map(({ id }) => customer.v1<{ data: Json }>('GET', `/events/${id}`));
  assert.deepEqual(
    (await Promise.all(published)).map(({ data }) => data.error_id).sort(),
    groups.map(({ id }) => id).sort(),
  );

  await customer.v1('PUT', `/functions/${fn.id}/code`, { code: { inline: MENDED } });
  const { replayed } = await customer.v1<{ replayed: { run_id: string; replay_id: string }[] }>(
    'POST',
    '/runs/replay',
    { filter: { error_group: group.id } },
    202,
  );
  assert.deepEqual(replayed.map(({ run_id: id }) => id).sort(), runs.map(({ id }) => id).sort());
  for (const { replay_id: id } of replayed) {
    await customer.until(
      () => customer.v1<RunView>('GET', `/runs/${id}`),
      ({ status }) => status === 'succeeded',
    );
  }
});

describe('groups of errors', { skip: noJails() }, () => {
  test('that there are not, and spans that are too long, are refused', async () => {
    await customer.refused('GET', '/errors/nothing', undefined, 404);
    const { error } = await customer.refused('GET', '/errors?from=2020-01-01&to=2021-01-01', undefined);
    assert.equal(error.field, 'step');
    const long = await customer.refused('GET', '/errors?from=2020-01-01&to=2020-02-20', undefined);
    assert.equal(long.error.field, 'from');
  });

  test('and logs are searched for a text, newest first, page by page, by their owner alone', async () => {
    const code = {
      inline: `exports.handler = async ({ data }) => { console.log('tells %_"' + data.word); };`,
    };
    const fn = await customer.make({ name: 'tells', code });
    for (const word of ['apple', 'Pear', 'apple pie', 'plum'])
      await customer.v1('POST', `/functions/${fn.id}/runs`, { word });
    const find = (query: string) =>
      customer.v1<{
        data: { run: RunView; lines: { text: string; number: number }[] }[];
        next: string | null;
      }>('GET', `/runs/search?function_id=${fn.id}&${query}`);
    const all = await find('text=APPLE');
    assert.deepEqual(
      all.data.map(({ lines }) => lines.map(({ text }) => text.slice(text.indexOf('tells')))),
      [['tells %_"apple pie'], ['tells %_"apple']],
    );
    const log = await customer.v1<{ data: { text: string }[] }>('GET', `/runs/${all.data[0]?.run.id}/logs`);
    const line = all.data[0]?.lines[0];
    assert.equal(log.data[(line?.number ?? 0) - 1]?.text, line?.text);
    assert.equal(
      (await find(`text=${encodeURIComponent('%_"')}`)).data.length,
      4,
      'nothing of it is a pattern',
    );
    for (const pattern of ['_____', '***=tells', 'tells.*apple', 'tells|apple', '(?i)tells', '^', 'tell[s]'])
      assert.equal(
        (await find(`text=${encodeURIComponent(pattern.padEnd(3, '^'))}`)).data.length,
        0,
        pattern,
      );
    const first = await find('text=tells&limit=3');
    assert.equal(first.data.length, 3);
    const rest = await find(`text=tells&limit=3&after=${first.next}`);
    assert.deepEqual([rest.data.length, rest.next], [1, null]);
    const failed = await customer.v1<{ data: unknown[] }>('GET', '/runs/search?text=too%20large');
    assert.equal(failed.data.length, 3, 'errors are searched, too');
    const stranger = new OwnCustomer(millrace, (await makeSecondAccount(millrace)).token);
    assert.deepEqual((await stranger.v1<{ data: unknown[] }>('GET', '/runs/search?text=tells')).data, []);
    const short = await customer.refused('GET', '/runs/search?text=ab', undefined);
    assert.equal(short.error.field, 'text');
    assert.deepEqual((await find('text=stdout')).data, [], 'only what lines say is searched');
  });

  test('a search in which everything has the text reads a few runs, and of each a few lines', async () => {
    const code = {
      inline:
        "exports.handler = async () => { for (let n = 0; n < 200; n += 1) console.log('often ' + n); };",
    };
    const fn = await customer.make({ name: 'often', code });
    for (let n = 0; n < 25; n += 1) await customer.v1('POST', `/functions/${fn.id}/runs`, {});
    const found = await customer.v1<{
      data: { lines: { text: string }[] }[];
      looked_at: number;
      next: string | null;
    }>('GET', `/runs/search?function_id=${fn.id}&text=often&limit=2`);
    assert.deepEqual(
      found.data.map(({ lines }) => lines.map(({ text }) => text.slice(text.indexOf('often')))),
      Array.from({ length: 2 }, () => ['often 0', 'often 1', 'often 2', 'often 3', 'often 4']),
    );
    assert.equal(found.looked_at, 20);
    assert.notEqual(found.next, null);
  });
});
