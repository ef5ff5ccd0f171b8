import type { Subscription } from 'rxjs';
import { COLLECTOR_NAMES, exporter, type ExporterEvent, type ExporterOptions } from '../../../lib/exporter/index.js';
import { LOOPBACK } from '../../../lib/http/index.js';

/** The series of a scrape by their names with labels, in the order of the text. */
export type Series = ReadonlyMap<string, string>;

/** An exporter in this process. */
export interface Scraped {
  readonly url: string;
  readonly events: readonly ExporterEvent[];
  text(): Promise<string>;
  series(): Promise<Series>;
  close(): void;
}

/** Starts an exporter of a namespace. */
export async function startExporter(netns: string, options: Partial<ExporterOptions> = {}): Promise<Scraped> {
  const events: ExporterEvent[] = [];
  let running: Subscription | undefined;
  const url = await new Promise<string>((resolve, reject) => {
    running = exporter({
      network: { netns },
      address: LOOPBACK,
      port: 0,
      devices: {},
      collectors: COLLECTOR_NAMES,
      timeout: 60_000,
      version: '1.2.3',
      ...options,
    }).subscribe({
      next: (event) => {
        events.push(event);
        if (event.kind === 'listening') resolve(event.address);
      },
      error: reject,
    });
  });
  const text = async (): Promise<string> => {
    const response = await fetch(url);
    if (response.status !== 200) throw new Error(`${String(response.status)}: ${await response.text()}`);
    return response.text();
  };
  return { url, events, text, series: async () => seriesOf(await text()), close: () => running?.unsubscribe() };
}

/** Reads the text format. @throws Error for a line that it does not have, and for a series that occurs again */
export function seriesOf(text: string): Series {
  const series = new Map<string, string>();
  for (const line of text.split('\n').slice(0, -1)) {
    if (/^# (?:HELP|TYPE) [a-zA-Z_:][\w:]* ./.test(line)) continue;
    const [, name, value] = /^([a-zA-Z_:][\w:]*(?:\{.*\})?) (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a line of the text format: ${line}`);
    if (series.has(name)) throw new Error(`the series occurs again: ${name}`);
    series.set(name, value);
  }
  return series;
}
