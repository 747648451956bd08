// A function as an assistant sees it: a tool with a name, a description and arguments. Where tools come from is a dialect's to say
// (ToolSource); what an assistant is shown of them, and what the function gets of the call, is decided here. Pure.
import type { World } from '../../accounts/account.ts';
import type { Sql } from '../../postgres/database.ts';

export type ToolArgument = {
  name: string;
  type: 'string' | 'number' | 'integer' | 'boolean';
  /** What an assistant infers the value from. */
  description: string;
  required: boolean;
};

export type Tool = {
  functionId: string;
  /** The function's own. */
  functionName: string;
  description: string;
  arguments: readonly ToolArgument[];
};

/** The tools of a world: enabled functions that assistants may call. */
export type ToolSource = (sql: Sql, world: World) => Promise<Tool[]>;

const LONGEST_NAME = 64;
const SUFFIX = '_Action';

/** Arguments that every tool takes besides its own: what the conversation is about. */
const ITEM_ARGUMENTS = {
  item_type: { type: 'string', description: 'What the conversation is about: customer, sale, ...' },
  item_id: { type: 'string', description: 'The id of that item' },
};

/**
 * Names as assistants can take them: the function's in camel case and `_Action` behind it (`assistantDataFunction_Action`). Where two
 * would be the same, the later ones get a number.
 */
export function namedTools(tools: readonly Tool[]): { name: string; tool: Tool }[] {
  const taken = new Set<string>();
  return tools.map((tool) => {
    const base = camelCase(tool.functionName);
    let name = `${base}${SUFFIX}`;
    for (let number = 2; taken.has(name); number += 1) name = `${base}${number}${SUFFIX}`;
    taken.add(name);
    return { name, tool };
  });
}

function camelCase(text: string): string {
  const words = text.normalize('NFKD').match(/[A-Za-z0-9]+/g) ?? ['function'];
  const [first = '', ...others] = words;
  const rest = others.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const joined = [first.charAt(0).toLowerCase() + first.slice(1), ...rest].join('');
  return joined.slice(0, LONGEST_NAME - SUFFIX.length - 3);
}

/** JSON Schema of what the tool takes. */
export function toolSchema(tool: Tool): Record<string, unknown> {
  const own = tool.arguments.map(({ name, type, description }) => [name, { type, description }] as const);
  return {
    type: 'object',
    properties: { ...ITEM_ARGUMENTS, ...Object.fromEntries(own) },
    required: tool.arguments.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}

/** Who calls. */
export type AssistantFacts = {
  /** Of this call. */
  callId: string;
  /** Unix time in s. */
  atUnix: number;
  /** As the client introduced itself. */
  client: { name: string; version: string };
};

/**
 * What the function gets as its data. The objects are those that the dialect's page shows for a conversation; of a conversation that
 * goes on elsewhere no more is known than the call, so the rest is empty.
 */
export function toolCallData(
  toolName: string,
  tool: Tool,
  given: Record<string, unknown>,
  { callId, atUnix, client }: AssistantFacts,
): Record<string, unknown> {
  const own = new Set(tool.arguments.map(({ name }) => name));
  const values = Object.fromEntries(Object.entries(given).filter(([name]) => own.has(name)));
  const itemOf = (name: string): string | null =>
    !own.has(name) && typeof given[name] === 'string' ? given[name] : null;
  const call = {
    id: callId,
    type: 'function',
    function: { name: toolName, arguments: JSON.stringify(values) },
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
