import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { ExecutionMeter } from './execution-meter.ts';

describe('the execution meter', () => {
  let nowMs = 0;
  let charged = 0;
  let meter: ExecutionMeter;
  beforeEach(() => {
    nowMs = 0;
    charged = 0;
    meter = new ExecutionMeter(
      (_, tookMs) => {
        charged += tookMs;
      },
      () => nowMs,
    );
  });

  test('charges every run its time once, at its end and on the way', () => {
    const first = meter.begin('A');
    nowMs = 400;
    const second = meter.begin('A');
    nowMs = 1000;
    meter.tick();
    assert.equal(charged, 1600);
    nowMs = 1500;
    meter.end(first);
    assert.equal(charged, 2100);
    nowMs = 2000;
    meter.tick();
    meter.end(second);
    assert.equal(charged, 3100);
  });

  test('needs what isn’t charged yet, and as much as runs usually take for those let in', () => {
    assert.equal(meter.needed('A'), 1);
    const run = meter.begin('A');
    nowMs = 100;
    assert.equal(meter.needed('A'), 100);
    meter.end(run);
    meter.expect('A');
    meter.expect('A');
    assert.equal(meter.needed('A'), 300);
    meter.forget('A');
    assert.equal(meter.needed('A'), 200);
  });
});
