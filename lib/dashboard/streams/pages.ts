import { asyncScheduler, NEVER, retry, timer, Subscription, type Observable } from 'rxjs';
import { filterWords } from '../filter.js';
import type { Hello, Rate, Topology } from '../protocol.js';
import { TableState } from '../tables/table-state.js';
import type { TableSource } from '../tables/table-source.js';
import { topologyDiff } from '../topology/topology-diff.js';
import { isFinal } from './is-final.js';
import { Page, type Sink } from './page.js';
import { PageTable } from './page-table.js';

/** The largest number of open pages. */
export const PAGES = 16;
/** The time in milliseconds between two diffs. */
const DIFF_MS = 200;
/** The time in milliseconds after which a failed collection is read again. */
const RETRY_MS = 5000;

/** The data that pages show. Each is subscribed to while a page is open, once for all pages. */
export interface PageData {
  readonly hello: Omit<Hello, 'tables'>;
  readonly tables: readonly TableSource[];
  /** Emits once a second. */
  readonly rates: Observable<readonly Rate[]>;
  readonly topology: Observable<Topology>;
}

/** The open pages. Nothing is read from the kernel while there are none. */
export class Pages {
  readonly #data: PageData;
  readonly #pages = new Set<Page>();
  #running: Subscription | undefined;
  #states: readonly TableState[] = [];
  #topology: Topology | undefined;
  #isScheduled = false;

  constructor(data: PageData) {
    this.#data = data;
  }

  get isEmpty(): boolean {
    return this.#pages.size === 0;
  }

  get size(): number {
    return this.#pages.size;
  }

  get isFull(): boolean {
    return this.#pages.size >= PAGES;
  }

  /** Sends everything to a page until the returned function is called. */
  open(sink: Sink, filterOf: (table: string) => string): () => void {
    const { hello, tables } = this.#data;
    this.#running ??= this.#start();
    const page = new Page(
      sink,
      this.#states.map((state) => new PageTable(state, filterWords(filterOf(state.head.name)))),
    );
    this.#pages.add(page);
    page.send('hello', { ...hello, tables: tables.map(({ head }) => head) });
    page.flush();
    page.topology(this.#topology, undefined);
    return () => {
      this.#pages.delete(page);
      if (this.#pages.size === 0) this.#stop();
    };
  }

  /** Ends the streams to all pages. */
  close(): void {
    for (const page of this.#pages) page.end();
    this.#pages.clear();
    this.#stop();
  }

  #start(): Subscription {
    const running = new Subscription();
    const { tables, rates, topology } = this.#data;
    this.#states = tables.map(({ head }) => new TableState(head));
    for (const [index, { changes }] of tables.entries()) {
      const state = this.#states[index]!;
      const onError = (error: unknown): Observable<unknown> => {
        state.fail(error instanceof Error ? error.message : String(error));
        this.#schedule(running);
        return isFinal(error) ? NEVER : timer(RETRY_MS);
      };
      running.add(
        changes.pipe(retry({ delay: onError })).subscribe((change) => {
          state.apply(change);
          if (state.isDirty) this.#schedule(running);
        }),
      );
    }
    running.add(
      rates.subscribe((moving) => {
        for (const page of this.#pages) page.rates(moving);
        // A page that was too slow may read again.
        this.#schedule(running);
      }),
    );
    running.add(topology.pipe(retry({ delay: () => timer(RETRY_MS) })).subscribe((next) => this.#show(next)));
    return running;
  }

  #stop(): void {
    this.#running?.unsubscribe();
    this.#running = undefined;
    this.#isScheduled = false;
    this.#states = [];
    this.#topology = undefined;
  }

  #show(topology: Topology): void {
    const diff = this.#topology === undefined ? undefined : topologyDiff(this.#topology, topology);
    this.#topology = topology;
    for (const page of this.#pages) page.topology(topology, diff);
  }

  #schedule(running: Subscription): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    running.add(
      asyncScheduler.schedule(() => {
        this.#isScheduled = false;
        for (const page of this.#pages) {
          page.flush();
          page.topology(this.#topology, undefined);
        }
        for (const state of this.#states) state.settle();
      }, DIFF_MS),
    );
  }
}
