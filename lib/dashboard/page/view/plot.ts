import UPlot from 'uplot';
import { rateText } from '../model/format.js';
import { SECONDS, type Series } from '../model/history.js';

/** The ages of the points in seconds: -119 to 0. */
const AGES = Array.from({ length: SECONDS }, (_, index) => index - SECONDS + 1);
/** The least height of the scale in bytes a second: without traffic, the lines are at the bottom. */
const LEAST = 100;

/** The plot of one link. Colours come from the style sheet, so the plot is made again when they change. */
export class Plot {
  readonly #frame: HTMLElement;
  #plot: UPlot | undefined;
  #series: Series = { received: [], sent: [] };

  readonly #onCursor: (index: number | undefined) => void;

  /**
   * @param onCursor - Called with the index of the second below the pointer, or without one if the pointer leaves the plot.
   */
  constructor(frame: HTMLElement, onCursor: (index: number | undefined) => void) {
    this.#frame = frame;
    this.#onCursor = onCursor;
    new ResizeObserver(() => this.#resize()).observe(frame);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#make());
    this.#make();
  }

  /** Draws the seconds of a link. */
  show(series: Series, label: string): void {
    this.#series = series;
    this.#frame.setAttribute('aria-label', label);
    this.#plot?.setData(this.#data());
  }

  #data(): UPlot.AlignedData {
    const { received, sent } = this.#series;
    return received.length === 0 ? [AGES, AGES.map(() => null), AGES.map(() => null)] : [AGES, [...received], [...sent]];
  }

  #size(): { readonly width: number; readonly height: number } {
    return { width: Math.max(120, this.#frame.clientWidth), height: Math.max(80, this.#frame.clientHeight) };
  }

  #resize(): void {
    this.#plot?.setSize(this.#size());
  }

  #make(): void {
    this.#plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    const axis = {
      stroke: color('quiet'),
      font: `11px ${getComputedStyle(this.#frame).fontFamily}`,
      grid: { stroke: color('line'), width: 1 },
      ticks: { show: false },
    };
    this.#plot = new UPlot(
      {
        ...this.#size(),
        legend: { show: false },
        cursor: { y: false, drag: { x: false }, points: { size: 7 } },
        hooks: { setCursor: [({ cursor }) => this.#onCursor(cursor.idx ?? undefined)] },
        padding: [8, 12, 0, 0],
        scales: { x: { time: false, range: [1 - SECONDS, 0] }, y: { range: (_, __, most) => [0, Math.max(LEAST, most * 1.08)] } },
        axes: [
          {
            ...axis,
            size: 24,
            gap: 4,
            incrs: [15, 30, 60],
            space: 64,
            values: (_, ages) => ages.map((age) => (age === 0 ? 'now' : `\u2212${-age} s`)),
          },
          { ...axis, size: 74, gap: 6, space: 36, values: (_, rates) => rates.map(rateText) },
        ],
        series: [
          {},
          { label: 'Received', stroke: color('received'), fill: color('received-fill'), width: 1.75, points: { show: false } },
          { label: 'Sent', stroke: color('sent'), width: 1.75, dash: [5, 4], points: { show: false } },
        ],
      },
      this.#data(),
      this.#frame,
    );
  }
}
