import type { DashboardEvents, TableRows } from '../../lib/dashboard/protocol.js';
import type { Sink } from '../../lib/dashboard/streams/page.js';

/** An event as a page receives it. */
export interface PageEvent {
  readonly name: keyof DashboardEvents;
  readonly data: unknown;
}

/** The stream to a page that records its events; the number of waiting bytes is what a spec sets. */
export class FakeSink implements Sink {
  writableLength = 0;
  isEnded = false;
  readonly events: PageEvent[] = [];
  bytes = 0;

  write(text: string): void {
    this.bytes += text.length;
    const [, name, data] = /^event: (.*)\ndata: (.*)\n\n$/.exec(text) ?? [];
    if (name !== undefined) this.events.push({ name: name as PageEvent['name'], data: JSON.parse(data!) });
  }

  end(): void {
    this.isEnded = true;
  }

  names(): string[] {
    return this.events.map(({ name }) => name);
  }

  /** Returns the events of the tables, and forgets all events. */
  take(): (TableRows & { readonly event: string })[] {
    const taken = this.events.splice(0).filter(({ name }) => name === 'all' || name === 'diff');
    return taken.map(({ name, data }) => ({ event: name, ...(data as TableRows) }));
  }
}
