import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SiteBudget } from './site-budget.ts';

const MINUTE = 60_000;
const BUDGET = 600_000;
const at = (ms: number): number => 10 * MINUTE + ms;

describe('the execution budget', () => {
  test('is whole where nothing runs, and resets with the minute', () => {
    const budget = new SiteBudget();
    assert.deepEqual(budget.state('a', BUDGET, at(1)), { remainingMs: BUDGET, resetAtMs: at(MINUTE) });
  });

  test('sinks while runs go on and stays sunk when they have ended', () => {
    const budget = new SiteBudget();
    const first = budget.begin('a', at(0));
    const second = budget.begin('a', at(500));
    assert.equal(budget.state('a', BUDGET, at(1000)).remainingMs, BUDGET - 1500);
    budget.end(first, at(1000));
    budget.end(second, at(1500));
    assert.equal(budget.state('a', BUDGET, at(20_000)).remainingMs, BUDGET - 2000);
    assert.equal(budget.state('a', BUDGET, at(MINUTE)).remainingMs, BUDGET);
  });

  test('charges each minute with its own part of a run', () => {
    const budget = new SiteBudget();
    const run = budget.begin('a', at(59_000));
    assert.equal(budget.state('a', BUDGET, at(61_000)).remainingMs, BUDGET - 1000);
    budget.end(run, at(63_000));
    assert.equal(budget.state('a', BUDGET, at(64_000)).remainingMs, BUDGET - 3000);
  });

  test('never falls under nothing, and one account does not pay for another', () => {
    const budget = new SiteBudget();
    budget.begin('a', at(0));
    assert.equal(budget.state('a', 100, at(5000)).remainingMs, 0);
    assert.equal(budget.state('b', 100, at(5000)).remainingMs, 100);
  });

  test('keeps nothing of accounts at rest', () => {
    const budget = new SiteBudget();
    budget.end(budget.begin('a', at(0)), at(1));
    const going = budget.begin('b', at(0));
    budget.tidy(at(1));
    assert.equal(budget.size, 2);
    budget.tidy(at(MINUTE));
    assert.equal(budget.size, 1);
    budget.end(going, at(MINUTE + 1));
    budget.tidy(at(3 * MINUTE));
    assert.equal(budget.size, 0);
  });
});
