// One chart over time, and the same numbers as a table for those who can't see it. Draws with uPlot in the
// colours of the look.
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { currentLocale, t } from '../../texts/translate.ts';

export type Series = {
  name: string;
  /** A custom property of the look. */
  colour: string;
  values: readonly (number | null)[];
};
type Props = {
  title: string;
  /** Unix times in ms. */
  times: readonly number[];
  series: readonly Series[];
  isBars: boolean;
  unit: string;
  /** Versions that went live. */
  marks: readonly { at: number; version: number }[];
  /** Of a span that was dragged over, in Unix ms. */
  onRange: (fromMs: number, toMs: number) => void;
};

const HEIGHT_PX = 160;

export function Chart({ title, times, series, isBars, unit, marks, onRange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef({ marks, onRange });
  latest.current = { marks, onRange };
  useEffect(() => {
    const element = box.current as HTMLDivElement;
    const onRange = (fromMs: number, toMs: number) => latest.current.onRange(fromMs, toMs);
    const draw = () => make({ element, times, series, isBars, unit, marks: latest.current.marks, onRange });
    let plot = draw();
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    resized.observe(element);
    const again = () => {
      plot.destroy();
      plot = draw();
    };
    addEventListener('millrace:look', again);
    return () => {
      removeEventListener('millrace:look', again);
      resized.disconnect();
      plot.destroy();
    };
  }, [times, series, isBars, unit]);
  return (
    <figure className="chart">
      <figcaption>
        <h2>{title}</h2>
      </figcaption>
      <div ref={box} aria-hidden="true" />
      <table className="unseen">
        <caption>{title}</caption>
        <tbody>
          {series.map((one) => (
            <tr key={one.name}>
              <th scope="row">{one.name}</th>
              <td>
                {t('numbers.most', { number: Math.max(...one.values.map((value) => value ?? 0)), unit })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

type Drawing = Omit<Props, 'title'> & { element: HTMLElement };

function make({ element, times, series, isBars, unit, marks, onRange }: Drawing): uPlot {
  const style = getComputedStyle(document.documentElement);
  const probe = document.createElement('i');
  element.append(probe);
  /** What `light-dark()` comes to now: a canvas knows no custom properties. */
  const colour = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: `11px ${style.getPropertyValue('--sans')}`,
  };
  const markColour = colour('--quiet');
  const bars = uPlot.paths.bars?.({ size: [0.8, 40] });
  const options: uPlot.Options = {
    ...{ width: element.clientWidth, height: HEIGHT_PX, ms: 1, padding: [8, 8, 0, 0] },
    legend: { live: true },
    // What is dragged over becomes the range of the page; the chart itself zooms nowhere.
    cursor: { points: { size: 6 }, drag: { x: true, y: false, setScale: false } },
    hooks: {
      setSelect: [(plot) => tellRange(plot, onRange)],
      draw: [(plot) => drawMarks(plot, marks, markColour)],
    },
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(most * 1.1, 1)] } },
    axes: [
      axis,
      {
        ...{ ...axis, size: 56 },
        values: (_plot, values) =>
          values.map(
            (value) => `${new Intl.NumberFormat(currentLocale()).format(value)}${unit && ` ${unit}`}`,
          ),
      },
    ],
    series: [
      { label: t('numbers.at') },
      ...series.map((one) => ({
        ...{ label: one.name, stroke: colour(one.colour), width: isBars ? 0 : 1.5 },
        ...(isBars ? { fill: colour(one.colour), ...(bars === undefined ? {} : { paths: bars }) } : {}),
        // A line shows its points where there are few: one alone would be nothing.
        ...(isBars ? { points: { show: false } } : {}),
        spanGaps: true,
      })),
    ],
  };
  const plot = new uPlot(
    options,
    [[...times], ...series.map((one) => [...one.values])] as uPlot.AlignedData,
    element,
  );
  probe.remove();
  return plot;
}

const LEAST_DRAG_PX = 6;

function tellRange(plot: uPlot, onRange: Props['onRange']): void {
  const { left, width } = plot.select;
  if (width < LEAST_DRAG_PX) return;
  onRange(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
}

/** A dashed line, and the version's number at its foot. */
function drawMarks({ ctx, bbox, valToPos }: uPlot, marks: Props['marks'], colour: string): void {
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.setLineDash([3, 3]);
  for (const { at, version } of marks) {
    const x = Math.round(valToPos(at, 'x', true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(String(version), x + 4, bbox.top + 12);
  }
  ctx.restore();
}
