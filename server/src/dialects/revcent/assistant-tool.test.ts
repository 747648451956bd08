import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedTools, toolSchema } from '../../sources/assistants/tool.ts';
import { assistantTool } from './assistant-tool.ts';

const digits = { name: 'digits', type: 'string', description: 'Of the card', required: true } as const;
const tool = (name: string) => assistantTool({ id: name, name, description: '', customArguments: [digits] });

test('a tool has the name of its function in camel case, and a number where another has it', () => {
  const names = namedTools(['Look up a card', 'look up a card', '!'].map(tool)).map(({ name }) => name);
  assert.deepEqual(names, ['lookUpACard_Action', 'lookUpACard2_Action', 'function_Action']);
  assert.ok((namedTools([tool('x'.repeat(200))])[0]?.name.length ?? 99) <= 64);
});

test('it takes its own arguments, and what the conversation is about', () => {
  const { properties, required } = toolSchema(tool('a')) as { properties: object; required: string[] };
  assert.deepEqual([Object.keys(properties), required], [['item_type', 'item_id', 'digits'], ['digits']]);
});

test('its function gets the call as a conversation', () => {
  const use = { name: 'a_Action', callId: 'call_1', atUnix: 7, client: { name: 'c', version: '1' } };
  const data = tool('a').dataOf({ ...use, given: { digits: '4242', item_id: 'C1', other: 1 } });
  assert.deepEqual([data.item_id, data.item_type], ['C1', null]);
  const { custom_arguments: values, thread } = data.ai_data as Record<string, Record<string, unknown>>;
  assert.deepEqual([values, thread?.created_at], [{ digits: '4242' }, 7]);
});
