import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { base32, codeOf, otpauthUrl, stepAt, stepOfCode } from './totp.ts';

/** Of RFC 6238, appendix B. */
const SECRET = Buffer.from('12345678901234567890');

describe('codes by time', () => {
  test('are those of RFC 6238', () => {
    const examples: [number, string][] = [
      [59, '94287082'],
      [1_111_111_109, '07081804'],
      [1_111_111_111, '14050471'],
      [1_234_567_890, '89005924'],
      [2_000_000_000, '69279037'],
      [20_000_000_000, '65353130'],
    ];
    for (const [unixS, code] of examples) assert.equal(codeOf(SECRET, stepAt(unixS * 1_000), 8), code);
  });

  test('are taken half a minute early and late, and once', () => {
    const nowMs = 1_700_000_000_000;
    const step = stepAt(nowMs);
    const taken = (of: number, last = 0) => stepOfCode(SECRET, codeOf(SECRET, of), { nowMs, last });
    assert.deepEqual(
      [-2, -1, 0, 1, 2].map((off) => taken(step + off)),
      [null, step - 1, step, step + 1, null],
    );
    assert.deepEqual([taken(step, step), taken(step, step - 1)], [null, step]);
  });

  test('have a secret that devices read', () => {
    assert.equal(base32(SECRET), 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    assert.deepEqual(
      ['f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => base32(Buffer.from(text))),
      ['MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI'],
    );
    assert.equal(
      otpauthUrl(SECRET, 'a+b@example.com'),
      'otpauth://totp/Millrace%3Aa%2Bb%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Millrace',
    );
  });
});
