// Where flow runs go: every rule by itself, then ten thousand random flows.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allHold, holds } from './conditions.ts';
import type { Condition, FlowNode } from './flow.ts';
import { GONE, nextMove, type Position } from './flow-moves.ts';

const SCOPE = {
  item_type: 'sale',
  item_details: { amount: 12.5, text: '12.50', tags: ['a', 5], none: null, deep: { list: [{ n: 1 }] } },
  response: { score: 7 },
};

describe('a condition', () => {
  const cases: [string, Condition['operator'], unknown, boolean][] = [
    ['item_details.amount', 'equals', 12.5, true],
    ['item_details.amount', 'equals', '12.5', true],
    ['item_details.amount', 'not_equals', 12.5, false],
    ['item_details.missing', 'not_equals', 1, true],
    ['item_details.text', 'greater', 12, true],
    ['item_details.text', 'less', 13, true],
    ['item_details.text', 'greater', 'abc', false],
    ['item_details.tags', 'contains', 'a', true],
    ['item_details.tags', 'contains', '5', true],
    ['item_details.text', 'contains', '.5', true],
    ['item_details.none', 'exists', undefined, false],
    ['item_details.none', 'missing', undefined, true],
    ['item_details.deep.list.0.n', 'equals', 1, true],
    ['item_details.amount', 'in', [1, 12.5], true],
    ['item_details.amount', 'in', 12.5, false],
    ['item_details.constructor', 'exists', undefined, false],
    ['item_details.__proto__.toString', 'exists', undefined, false],
    ['item_details.tags.length', 'exists', undefined, true],
    ['item_details.deep', 'greater', 0, false],
    ['response.score', 'greater', 'x', false],
  ];
  for (const [path, operator, value, expected] of cases) {
    test(`${path} ${operator} ${JSON.stringify(value) ?? ''} is ${expected}`, () => {
      assert.equal(holds({ path, operator, value }, SCOPE), expected);
    });
  }

  test('holds with all or with any of the others', () => {
    const yes: Condition = { path: 'item_type', operator: 'exists' };
    const no: Condition = { path: 'item_type', operator: 'missing' };
    assert.deepEqual(
      [allHold([yes, no], 'all', SCOPE), allHold([yes, no], 'any', SCOPE), allHold([yes, yes], 'all', SCOPE)],
      [false, true, true],
    );
  });
});

function at(node: FlowNode, part: Partial<Position> = {}): Position {
  return {
    ...{ nodes: [node], nodeId: node.id, phase: 'entering', runStatus: null, response: null },
    ...{ itemType: 'sale', itemId: 'i', itemDetails: {} },
    ...part,
  };
}

describe('a flow run', () => {
  const branches = [
    { when: { path: 'response.score', operator: 'greater', value: 5 }, next: 'high' },
    { when: { path: 'response.score', operator: 'exists' }, next: null },
  ] satisfies Extract<FlowNode, { type: 'function' }>['branches'];
  const asks: FlowNode = {
    id: 'n',
    type: 'function',
    functionId: 'f',
    branches,
    next: 'else',
    onError: null,
  };

  test('waits for as long as its node says, then goes on', () => {
    const node: FlowNode = { id: 'n', type: 'wait', delayMs: 5, next: 'b' };
    assert.deepEqual(nextMove(at(node)), { to: 'wait', delayMs: 5 });
    assert.deepEqual(nextMove(at(node, { phase: 'waiting' })), { to: 'node', nodeId: 'b', why: 'waited' });
  });

  test('takes the first branch whose condition holds for the response, and ends where that leads nowhere', () => {
    const after = (response: unknown) =>
      nextMove(at(asks, { phase: 'returned', runStatus: 'succeeded', response }));
    assert.deepEqual(nextMove(at(asks)), { to: 'run', functionId: 'f' });
    assert.deepEqual(after({ score: 6 }), { to: 'node', nodeId: 'high', why: 'branch 1' });
    assert.deepEqual(after({ score: 5 }), { to: 'completed', why: 'branch 2' });
    assert.deepEqual(after('text'), { to: 'node', nodeId: 'else', why: 'run succeeded' });
  });

  test('fails with its function, or goes where the node says', () => {
    for (const [runStatus, words] of [
      ['timed_out', /ended as timed_out/],
      [GONE, /isn't there any more/],
    ] as const) {
      const move = nextMove(at(asks, { phase: 'returned', runStatus }));
      assert.equal(move.to, 'failed');
      assert.match('error' in move ? move.error : '', words);
      const caught = nextMove(at({ ...asks, onError: 'e' }, { phase: 'returned', runStatus }));
      assert.equal('nodeId' in caught ? caught.nodeId : '', 'e');
    }
  });

  test('whose node is gone fails', () => {
    assert.equal(nextMove({ ...at(asks), nodeId: 'x' }).to, 'failed');
  });
});

test('a run of any of ten thousand random flows is always at exactly one node of its flow', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let round = 0; round < 10_000; round += 1) {
    const nodes = randomNodes(random);
    const ids = new Set(nodes.map(({ id }) => id));
    let position = at(nodes[0] as FlowNode, { nodes });
    let isOver = false;
    for (let step = 0; step < 30 && !isOver; step += 1) {
      const move = nextMove(position);
      switch (move.to) {
        case 'node':
          assert.ok(ids.has(move.nodeId));
          position = { ...position, nodeId: move.nodeId, phase: 'entering', runStatus: null };
          break;
        case 'wait':
          assert.equal(position.phase, 'entering');
          position = { ...position, phase: 'waiting' };
          break;
        case 'run': {
          assert.equal(position.phase, 'entering');
          const runStatus = ['succeeded', 'failed', GONE][random(3)] as string;
          position = { ...position, phase: 'returned', runStatus, response: { n: random(3) } };
          break;
        }
        default:
          isOver = true;
      }
    }
  }
});

function randomNodes(random: (below: number) => number): FlowNode[] {
  const count = 1 + random(6);
  const next = (): string | null => (random(5) === 0 ? null : `n${random(count)}`);
  const condition = (): Condition => ({ path: 'response.n', operator: 'equals', value: random(3) });
  return Array.from({ length: count }, (_, index): FlowNode => {
    const id = `n${index}`;
    if (index === 0) return { id, type: 'start', next: next() };
    switch (random(3)) {
      case 0:
        return {
          id,
          type: 'filter',
          match: 'all',
          conditions: [condition()],
          onPass: next(),
          onFail: next(),
        };
      case 1:
        return { id, type: 'wait', delayMs: 1, next: next() };
      default: {
        const branches = [{ when: condition(), next: next() }];
        return { id, type: 'function', functionId: 'f', branches, next: next(), onError: next() };
      }
    }
  });
}
