import { Observable, Subject } from 'rxjs';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import type { Rate, Topology } from '../../lib/dashboard/protocol.js';
import { Pages } from '../../lib/dashboard/streams/pages.js';
import type { Cells, RowsChange } from '../../lib/dashboard/tables/object-keys.js';
import { FakeSink } from './fake-sink.js';

export const HELLO = { version: '1.2.3', host: 'here', namespace: 'blue' };
export const HEAD = { name: 'links', title: 'Links', columns: [{ name: 'name', title: 'Name' }] } as const;

export const row = (key: string, ...cells: Cells): RowsChange => ({ type: 'row', key, cells });
export const gone = (key: string): RowsChange => ({ type: 'row', key, cells: null });
export const all = (...rows: readonly (readonly [string, Cells])[]): RowsChange => ({ type: 'all', rows: new Map(rows) });
/** Returns rows `link0`, `link1` and so on, by their numbers. */
export const many = (count: number): RowsChange =>
  all(...Array.from({ length: count }, (_, at) => [String(at), [`link${String(at)}`]] as const));

/** Pages of one table, whose sources a spec controls, with a clock that stands still. */
export class ControlledPages {
  readonly clock: SinonFakeTimers = useFakeTimers();
  readonly rates: Subject<readonly Rate[]> = new Subject();
  readonly topology: Subject<Topology> = new Subject();
  readonly pages: Pages;
  changes: Subject<RowsChange> = new Subject();
  /** The subscriptions to the rows of the table. */
  subscriptions = 0;

  constructor() {
    const changes = new Observable<RowsChange>((subscriber) => {
      this.subscriptions++;
      const inner = this.changes.subscribe(subscriber);
      return () => {
        this.subscriptions--;
        inner.unsubscribe();
      };
    });
    this.pages = new Pages({ hello: HELLO, tables: [{ head: HEAD, changes }], rates: this.rates, topology: this.topology });
  }

  open(filterOf: (table: string) => string = () => ''): { readonly sink: FakeSink; readonly close: () => void } {
    const sink = new FakeSink();
    return { sink, close: this.pages.open(sink, filterOf) };
  }

  /** Emits changes, and waits until the pages have them. */
  emit(...changes: readonly RowsChange[]): void {
    for (const change of changes) this.changes.next(change);
    this.clock.tick(200);
  }

  end(): void {
    this.pages.close();
    this.clock.restore();
  }
}
