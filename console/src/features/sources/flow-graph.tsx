// A flow as a drawing: its nodes as boxes, arrows between them with what each is for, and one run's way
// through it. The same is said in words, for those who don't see it. Called by the page of a flow.
import { useId } from 'react';
import { tookText } from '../../design/moment.tsx';
import { t } from '../../texts/translate.ts';
import { type Arrow, arrowsOf, type FlowNode, type Placed, place } from './flow-layout.ts';

type Props = {
  nodes: readonly FlowNode[];
  names: ReadonlyMap<string, string>;
  /** Nodes that a run went through, in order; null: no run is shown. */
  way: readonly string[] | null;
};

const BOX = { width: 208, height: 48, gapX: 48, gapY: 56 };

export function FlowGraph({ nodes, names, way }: Props) {
  const head = useId();
  const placed = place(nodes);
  const byId = new Map(placed.map((one) => [one.node.id, one]));
  const columns = Math.max(...placed.map(({ column }) => column), 0) + 1;
  const rows = Math.max(...placed.map(({ row }) => row), 0) + 1;
  const width = columns * (BOX.width + BOX.gapX) + BOX.gapX;
  const height = rows * (BOX.height + BOX.gapY);
  const arrows = arrowsOf(nodes);
  const steps = new Set((way ?? []).slice(1).map((id, at) => `${way?.[at]}>${id}`));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <div className="flow-graph" tabIndex={0}>
      <svg width={width} height={height} role="img" aria-label={wordsOf(arrows)}>
        <defs>
          <marker
            id={head}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerUnits="userSpaceOnUse"
            markerWidth="8"
            markerHeight="8"
            orient="auto"
          >
            <path d="M0 0 8 4 0 8z" fill="context-stroke" />
          </marker>
        </defs>
        {arrows.map((arrow) => (
          <ArrowLine
            key={`${arrow.from}-${arrow.name}-${arrow.to}`}
            arrow={arrow}
            byId={byId}
            marker={`url(#${head})`}
            isTaken={steps.has(`${arrow.from}>${arrow.to}`)}
          />
        ))}
        {placed.map(({ node, column, row }) => (
          <g
            key={node.id}
            transform={`translate(${left(column)} ${top(row)})`}
            className={way?.includes(node.id) ? 'node taken' : 'node'}
          >
            <rect width={BOX.width} height={BOX.height} rx="5" />
            <text x="12" y="20" className="node-kind">
              {t(`flows.node.${node.type}`)}
            </text>
            <text x="12" y="37">
              {cut(titleOf(node, names))}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

const left = (column: number) => BOX.gapX / 2 + column * (BOX.width + BOX.gapX);
const top = (row: number) => 8 + row * (BOX.height + BOX.gapY);

type LineProps = {
  arrow: Arrow;
  byId: ReadonlyMap<string, Placed>;
  marker: string;
  isTaken: boolean;
};

function ArrowLine({ arrow, byId, marker, isTaken }: LineProps) {
  const [from, to] = [byId.get(arrow.from), byId.get(arrow.to)];
  if (from === undefined || to === undefined) return null;
  const shift = { next: 0, pass: -40, branch: -24, fail: 40, error: 56 }[arrow.name];
  const [x1, y1] = [left(from.column) + BOX.width / 2 + shift, top(from.row) + BOX.height];
  const [x2, y2] = [left(to.column) + BOX.width / 2, top(to.row)];
  const isBack = to.row <= from.row;
  const side = left(Math.max(from.column, to.column)) + BOX.width + BOX.gapX / 2;
  const isOver = to.row > from.row + 1 && to.column === from.column;
  const past = left(from.column) - BOX.gapX / 4;
  const path = isOver
    ? `M${x1} ${y1} C${x1} ${y1 + 28} ${past} ${y1 + 8} ${past} ${y1 + 56} V${y2 - 48} C${past} ${y2 - 8} ${x2} ${y2 - 28} ${x2} ${y2}`
    : isBack
      ? `M${x1} ${y1} C${side} ${y1 + 32} ${side} ${y2 - 32} ${x2 + 56} ${y2}`
      : `M${x1} ${y1} C${x1} ${y1 + 32} ${x2} ${y2 - 32} ${x2} ${y2}`;
  return (
    <g className={isTaken ? 'arrow taken' : 'arrow'}>
      <path d={path} markerEnd={marker} />
      {arrow.name === 'next' ? null : (
        <text
          x={x1 + (shift < 0 ? -8 : 8)}
          y={isOver ? y1 + 10 : y1 + 18}
          textAnchor={shift < 0 ? 'end' : 'start'}
        >
          {t(`flows.arrow.${arrow.name}`)}
        </text>
      )}
    </g>
  );
}

function titleOf(node: FlowNode, names: ReadonlyMap<string, string>): string {
  if (node.type === 'function') return names.get(String(node.function_id)) ?? t('runs.functionGone');
  if (node.type === 'wait') return tookText(Number(node.delay_s) * 1_000);
  if (node.type === 'filter') {
    const conditions = (node.conditions ?? []) as { path: string; operator: string; value?: unknown }[];
    return conditions
      .map(({ path, operator, value }) => `${path} ${operator} ${value === undefined ? '' : String(value)}`)
      .join(', ');
  }
  return node.id;
}

const MOST = 30;

function cut(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text;
}

function wordsOf(arrows: readonly Arrow[]): string {
  return arrows.map(({ from, to, name }) => `${from} ${t(`flows.arrow.${name}`)} ${to}`).join('; ');
}
