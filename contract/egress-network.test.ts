import assert from 'node:assert/strict';
import { test } from 'node:test';
import { egressNetworkText, parseEgressNetwork } from './egress-network.ts';

function canonical(text: string): string | null {
  const network = parseEgressNetwork(text);
  return network === null ? null : egressNetworkText(network);
}

test('a network is known by its first address, its length and its ports', () => {
  assert.equal(canonical('10.1.2.3/16'), '10.1.0.0/16');
  assert.equal(canonical('198.51.100.7'), '198.51.100.7/32');
  assert.equal(canonical('255.255.255.255/0'), '0.0.0.0/0');
  assert.equal(canonical('192.168.1.9/31:25'), '192.168.1.8/31:25');
  assert.equal(canonical('10.0.0.1:5432-5440'), '10.0.0.1/32:5432-5440');
  assert.equal(canonical('10.0.0.1:80-80'), '10.0.0.1/32:80');
});

test('what is no network, and what could be more than one to nftables, is refused', () => {
  const wrong = [
    ...[
      '',
      '10.1.2',
      '10.1.2.256',
      '10.1.2.3/33',
      '010.1.2.3',
      '::1',
      '::1/128',
      '10.0.0.0/8:0',
      '10.0.0.0/8:70000',
    ],
    ...[
      '10.0.0.0/8:20-10',
      '10.0.0.0/8:',
      '10.0.0.0/8 accept',
      '10.0.0.0/8\naccept',
      '10.0.0.0/8,0.0.0.0/0',
      '0.0.0.0-1.1.1.1',
    ],
  ];
  for (const text of wrong) assert.equal(parseEgressNetwork(text), null, JSON.stringify(text));
});
