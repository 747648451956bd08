// A function as an assistant sees it: a tool with a name, a description and arguments. Which functions are
// tools, what they are called and what they get of a call is a dialect's to say (ToolSource). Pure. Called by
// the assistants' door.
import type { World } from '../../accounts/account.ts';
import type { Sql } from '../../postgres/database.ts';

export type ToolArgument = {
  name: string;
  type: 'string' | 'number' | 'integer' | 'boolean';
  /** What an assistant infers the value from. */
  description: string;
  required: boolean;
};

/** One call of a tool. */
export type ToolUse = {
  /** As the tool was named to the assistant. */
  name: string;
  given: Record<string, unknown>;
  callId: string;
  /** Unix time in s. */
  atUnix: number;
  /** As the client introduced itself. */
  client: { name: string; version: string };
};

export type Tool = {
  functionId: string;
  /** For people. */
  title: string;
  description: string;
  arguments: readonly ToolArgument[];
  /** @param number 1, or more where tools before it have its name */
  nameOf(number: number): string;
  /** What the function gets as its data. */
  dataOf(use: ToolUse): Record<string, unknown>;
};

/** The tools of a world: enabled functions that assistants may call. */
export type ToolSource = (sql: Sql, world: World) => Promise<Tool[]>;

/** Where two would have the same name, the later ones get a number. */
export function namedTools(tools: readonly Tool[]): { name: string; tool: Tool }[] {
  const taken = new Set<string>();
  return tools.map((tool) => {
    let name = tool.nameOf(1);
    for (let number = 2; taken.has(name); number += 1) name = tool.nameOf(number);
    taken.add(name);
    return { name, tool };
  });
}

/** JSON Schema of what the tool takes. */
export function toolSchema(tool: Tool): Record<string, unknown> {
  const taken = tool.arguments.map(({ name, type, description }) => [name, { type, description }] as const);
  return {
    type: 'object',
    properties: Object.fromEntries(taken),
    required: tool.arguments.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}
