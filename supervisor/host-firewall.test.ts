// What nft says is taken from the kernel: the chains are loaded in a network namespace that ends with the
// command.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { forwardDrops, letsLinksPass } from './host-firewall.ts';

const skip = process.getuid?.() === 0 ? false : 'network namespaces are made by root';

/** Loads a ruleset in a namespace of its own. @returns what the command prints there */
function nftIn(rules: string, ...command: string[]): string {
  const script = 'nft -f - && exec "$@"';
  return execFileSync('unshare', ['--net', 'sh', '-c', script, 'sh', ...command], {
    input: rules,
  }).toString();
}

const RULES = `
table ip filter {
  chain FORWARD {
    type filter hook forward priority filter; policy drop;
    iifname "docker0" accept
  }
  chain INPUT {
    type filter hook input priority filter; policy drop;
  }
}
table inet ours {
  chain forward {
    type filter hook forward priority filter; policy accept;
  }
}
table ip6 six {
  chain forward {
    type filter hook forward priority filter; policy drop;
  }
}
`;

test('only chains that drop what is forwarded by IPv4 matter', { skip }, () => {
  assert.deepEqual(forwardDrops(nftIn(RULES, 'nft', '-j', 'list', 'chains')), [
    { family: 'ip', table: 'filter', name: 'FORWARD' },
  ]);
  assert.deepEqual(forwardDrops(nftIn('', 'nft', '-j', 'list', 'chains')), []);
});

test('a chain that lets our links pass is no trouble', { skip }, () => {
  const listWith = (rule: string): string => {
    const rules = RULES.replace('iifname "docker0" accept', rule);
    return nftIn(rules, 'nft', 'list', 'chain', 'ip', 'filter', 'FORWARD');
  };
  assert.equal(letsLinksPass(listWith('iifname "docker0" accept'), 'mra1b2c3-'), false);
  assert.equal(letsLinksPass(listWith('iifname "mrffffff-*" accept'), 'mra1b2c3-'), false);
  assert.equal(letsLinksPass(listWith('iifname "mra1b2c3-*" accept'), 'mra1b2c3-'), true);
  assert.equal(letsLinksPass(listWith('iifname "mr*" accept'), 'mra1b2c3-'), true);
});
