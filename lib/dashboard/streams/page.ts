import type { DashboardEvents, Rate, Topology, TopologyDiff } from '../protocol.js';
import type { PageTable } from './page-table.js';

/** The stream to a page: a response of Node. */
export interface Sink {
  write(text: string): unknown;
  end(): unknown;
  /** The number of bytes that the page has not read. */
  readonly writableLength: number;
}

/** The number of waiting bytes beyond which a page gets no changes: it gets all rows when it reads again. */
const WAITING = 1 << 20;

/** The time in milliseconds after which a page connects again. */
const RECONNECT_MS = 1000;

/** A page that is open. */
export class Page {
  readonly #sink: Sink;
  readonly #tables: readonly PageTable[];
  #hasTopology = false;

  constructor(sink: Sink, tables: readonly PageTable[]) {
    this.#sink = sink;
    this.#tables = tables;
    sink.write(`retry: ${RECONNECT_MS}\n\n`);
  }

  get #isFull(): boolean {
    return this.#sink.writableLength > WAITING;
  }

  /** Sends what changed in the tables: all rows of those of which the page missed changes. */
  flush(): void {
    for (const table of this.#tables) {
      if (!table.state.isKnown) continue;
      if (this.#isFull) {
        table.isStale ||= table.state.isDirty;
      } else if (table.isStale) {
        this.send('all', table.all());
      } else {
        const diff = table.diff();
        if (diff !== undefined) this.send('diff', diff);
      }
    }
  }

  /** Sends the topology: its changes, or all of it if the page missed some. */
  topology(topology: Topology | undefined, diff: TopologyDiff | undefined): void {
    if (topology === undefined) return;
    if (this.#isFull) {
      this.#hasTopology &&= diff === undefined;
    } else if (!this.#hasTopology) {
      this.#hasTopology = true;
      this.send('topology', topology);
    } else if (diff !== undefined) {
      this.send('topology-diff', diff);
    }
  }

  rates(rates: readonly Rate[]): void {
    if (!this.#isFull) this.send('rates', rates);
  }

  send<Name extends keyof DashboardEvents>(name: Name, data: DashboardEvents[Name]): void {
    this.#sink.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  end(): void {
    this.#sink.end();
  }
}
