// A function of this dialect as assistants see it: the name of its tool, what the tool takes, and the
// document that the function gets of a call, as the dialect's page shows it (docs/specs/revcent.md). Pure.
// Called by assistant-tool-store.ts.
import type { Tool, ToolArgument, ToolUse } from '../../sources/assistants/tool.ts';

export type AssistantFunction = {
  id: string;
  name: string;
  description: string;
  /** Its own. */
  customArguments: readonly ToolArgument[];
};

const LONGEST_NAME = 64;
const SUFFIX = '_Action';

/** Arguments that every tool takes besides its own: what the conversation is about. */
const ITEM_ARGUMENTS: readonly ToolArgument[] = [
  {
    ...{ name: 'item_type', type: 'string', required: false },
    description: 'What the conversation is about: customer, sale, ...',
  },
  { name: 'item_id', type: 'string', description: 'The id of that item', required: false },
];

export function assistantTool({ id, name, description, customArguments }: AssistantFunction): Tool {
  const own = new Set(customArguments.map((argument) => argument.name));
  return {
    functionId: id,
    title: name,
    description,
    arguments: [...ITEM_ARGUMENTS.filter((argument) => !own.has(argument.name)), ...customArguments],
    nameOf: (number) => `${camelCase(name)}${number === 1 ? '' : number}${SUFFIX}`,
    dataOf: (use) => callData(own, use),
  };
}

function camelCase(text: string): string {
  const words = text.normalize('NFKD').match(/[A-Za-z0-9]+/g) ?? ['function'];
  const [first = '', ...others] = words;
  const rest = others.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const joined = [first.charAt(0).toLowerCase() + first.slice(1), ...rest].join('');
  return joined.slice(0, LONGEST_NAME - SUFFIX.length - 3);
}

/**
 * What the function gets as its data. The objects are those that the page shows for a conversation; of a
 * conversation that goes on elsewhere no more is known than the call, so the rest is empty.
 */
function callData(
  own: ReadonlySet<string>,
  { name, given, callId, atUnix, client }: ToolUse,
): Record<string, unknown> {
  const values = Object.fromEntries(Object.entries(given).filter(([argument]) => own.has(argument)));
  const itemOf = (argument: string): string | null =>
    !own.has(argument) && typeof given[argument] === 'string' ? given[argument] : null;
  const call = {
    id: callId,
    type: 'function',
    function: { name, arguments: JSON.stringify(values) },
  };
  return {
    item_type: itemOf('item_type'),
    item_id: itemOf('item_id'),
    item_details: {},
    ai_data: {
      custom_arguments: values,
      assistant: { id: client.name, object: 'assistant', name: client.name, model: null, metadata: {} },
      thread: { id: callId, object: 'thread', created_at: atUnix, metadata: {} },
      thread_messages: [],
      thread_run: {
        ...{ id: callId, object: 'thread.run', created_at: atUnix, status: 'requires_action' },
        required_action: { type: 'submit_tool_outputs', submit_tool_outputs: { tool_calls: [call] } },
      },
    },
  };
}
