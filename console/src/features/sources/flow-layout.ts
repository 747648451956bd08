// Where the nodes of a flow stand and which arrows go between them: each below what leads to it first, arrows
// that lead back at the side. Pure. Called by the drawing of a flow.
export type FlowNode = { id: string; type: 'start' | 'filter' | 'wait' | 'function' } & Record<
  string,
  unknown
>;
export type Arrow = { from: string; to: string; name: 'next' | 'pass' | 'fail' | 'branch' | 'error' };
export type Placed = { node: FlowNode; column: number; row: number };

type Branch = { next?: string | null };

export function arrowsOf(nodes: readonly FlowNode[]): Arrow[] {
  const known = new Set(nodes.map(({ id }) => id));
  const arrows = nodes.flatMap((node): { from: string; to: unknown; name: Arrow['name'] }[] => [
    { from: node.id, to: node.on_pass, name: 'pass' },
    { from: node.id, to: node.on_fail, name: 'fail' },
    ...((node.branches as Branch[] | undefined) ?? []).map(({ next }) => ({
      ...{ from: node.id, to: next, name: 'branch' as const },
    })),
    { from: node.id, to: node.next, name: 'next' },
    { from: node.id, to: node.on_error, name: 'error' },
  ]);
  return arrows.flatMap(({ to, ...arrow }) =>
    typeof to === 'string' && known.has(to) ? [{ ...arrow, to }] : [],
  );
}

/** Rows by the longest way from the start that visits nothing twice; columns in the order of the arrows. */
export function place(nodes: readonly FlowNode[]): Placed[] {
  const arrows = arrowsOf(nodes);
  const rows = new Map<string, number>();
  const start = nodes.find(({ type }) => type === 'start');
  const visit = (id: string, row: number, way: ReadonlySet<string>) => {
    if (way.has(id) || (rows.get(id) ?? -1) >= row) return;
    rows.set(id, row);
    for (const { to } of arrows.filter(({ from }) => from === id)) visit(to, row + 1, new Set([...way, id]));
  };
  if (start !== undefined) visit(start.id, 0, new Set());
  const last = Math.max(...rows.values(), -1) + 1;
  const taken = new Map<number, number>();
  return nodes.map((node) => {
    const row = rows.get(node.id) ?? last;
    const column = taken.get(row) ?? 0;
    taken.set(row, column + 1);
    return { node, row, column };
  });
}
