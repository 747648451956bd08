// What flows and payment profiles have in common as the API takes them: nodes that lead to each other, and
// filters that ask conditions. Pure.
import { z } from 'zod';
import { type Condition, OPERATORS } from './flow.ts';

const MOST_CONDITIONS = 50;

export const nodeIdSchema = z
  .string()
  .regex(/^[0-9A-Za-z_-]{1,64}$/, 'must consist of letters, digits, _ and -');
export const nextSchema = nodeIdSchema.nullable().default(null);
export const functionIdSchema = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);

/** @param roots where a condition may begin to look, as alternatives of a regular expression */
export function conditionSchema(roots: string, rule: string) {
  return z.strictObject({
    path: z.string().regex(new RegExp(`^(${roots})(\\.[^.]{1,100}){0,20}$`), rule),
    operator: z.enum(OPERATORS),
    value: z.json().optional(),
  });
}
type ConditionSchema = ReturnType<typeof conditionSchema>;

export function filterSchema(condition: ConditionSchema) {
  return z.strictObject({
    ...{ id: nodeIdSchema, type: z.literal('filter'), match: z.enum(['all', 'any']).default('all') },
    conditions: z.array(condition).min(1, 'must hold at least one').max(MOST_CONDITIONS),
    ...{ on_pass: nextSchema, on_fail: nextSchema },
  });
}

/** Branches: each leads on where its condition holds. */
export function branchesSchema(condition: ConditionSchema) {
  return z
    .array(z.strictObject({ when: condition, next: nextSchema }))
    .max(MOST_CONDITIONS)
    .default([]);
}

export function conditionOf({ path, operator, value }: z.infer<ConditionSchema>): Condition {
  return value === undefined ? { path, operator } : { path, operator, value };
}

export function filterOf(given: z.infer<ReturnType<typeof filterSchema>>) {
  const { on_pass: onPass, on_fail: onFail, conditions, ...rest } = given;
  return { ...rest, conditions: conditions.map(conditionOf), onPass, onFail };
}

/**
 * @param arrowsOf where a node may lead to
 * @returns what is wrong with the nodes together, as a rule; null: nothing
 */
export function graphProblem<Node extends { id: string; type: string }>(
  nodes: readonly Node[],
  start: Node['type'],
  arrowsOf: (from: Node) => string[],
): string | null {
  const ids = new Set(nodes.map(({ id }) => id));
  if (ids.size < nodes.length) return 'must not have two of the same id';
  if (nodes.filter(({ type }) => type === start).length !== 1) return `must hold exactly one ${start}`;
  for (const from of nodes) {
    const astray = arrowsOf(from).find((to) => !ids.has(to));
    if (astray !== undefined) return `leads from ${from.id} to ${astray}, which isn't there`;
  }
  return null;
}
