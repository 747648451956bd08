import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkOf, pastaOptions } from './way-out.ts';

const plan = { link: linkOf('100.96.0.0'), source: null, loopbackResolver: null, loopbackPorts: [] };

/** The word after an option. */
function wordAfter(options: readonly string[], name: string): string | undefined {
  return options[options.indexOf(name) + 1];
}

test('the link takes the last addresses of the network, which no sandbox gets', () => {
  assert.deepEqual(plan.link, { gateway: '100.96.255.253', address: '100.96.255.254' });
});

test('nothing of the machine’s loopback is reached, and nothing comes in, unless it is named', () => {
  const options = pastaOptions(plan);
  assert.ok(options.includes('--no-map-gw') && options.includes('--ipv4-only'));
  for (const name of ['--tcp-ports', '--udp-ports', '--tcp-ns', '--udp-ns']) {
    assert.equal(wordAfter(options, name), 'none');
  }
  assert.ok(!options.includes('--dns-forward') && !options.includes('--outbound'));
});

test('ports on the machine’s loopback are named once each', () => {
  const options = pastaOptions({ ...plan, loopbackPorts: [8700, 4873, 8700] });
  assert.equal(wordAfter(options, '--tcp-ns'), '8700,4873');
});

test('a resolver on the machine’s loopback is asked by the link’s gateway', () => {
  const options = pastaOptions({ ...plan, loopbackResolver: '127.0.0.53' });
  assert.equal(wordAfter(options, '--dns'), '127.0.0.53');
  assert.equal(wordAfter(options, '--dns-forward'), '100.96.255.253');
});

test('no option has a space: the script splits them into words', () => {
  const all = { ...plan, source: '198.51.100.7', loopbackResolver: '127.0.0.53', loopbackPorts: [1, 2] };
  for (const option of pastaOptions(all)) assert.match(option, /^\S+$/);
});
