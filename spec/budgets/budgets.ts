/** The limits of a measured figure. */
export interface Budget {
  /** The figure when the budget was set. */
  readonly measured: number;
  /** The upper limit. */
  readonly most?: number;
  /** The lower limit. */
  readonly least?: number;
  readonly unit: string;
}

/*
 * The limits of `npm test -- budgets`. Counts do not depend on the machine; their limits have a small margin for other versions
 * of V8 and of the kernel. Rates are of CPU time, so that other work on the machine does not count. Their limits are a fifth of
 * the measured rate, and find only code that became several times slower. Heap figures are the largest of Node 20, 22 and 24,
 * because V8's optimizations vary.
 */
export const BUDGETS: Readonly<Record<string, Budget>> = {
  /* Bytes of heap, without garbage collection. */
  rawMessage: { measured: 83, most: 125, unit: 'bytes a raw message of a dump' },
  typedRow: { measured: 222, most: 300, unit: 'bytes a typed route of a dump' },
  pickedRow: { measured: 123, most: 180, unit: 'bytes a route of which two properties were picked' },
  rawEvent: { measured: 118, most: 180, unit: 'bytes a raw event' },
  typedEvent: { measured: 310, most: 460, unit: 'bytes a typed event' },
  awaitedRequest: { measured: 3690, most: 5400, unit: 'bytes an awaited request with one reply' },
  furtherSubscriber: { measured: 0, most: 8, unit: 'bytes an event for each further subscriber' },
  /* Calls. */
  callsPerSubscriber: { measured: 1, most: 1, least: 1, unit: 'calls of each subscriber an event' },
  callbacksPerTurn: { measured: 1, most: 1, unit: 'callbacks a turn of the event loop' },
  eventsPerCallback: { measured: 63.5, least: 16, unit: 'events a callback, when many are queued' },
  callsPerRequest: { measured: 2.06, most: 2.2, unit: 'system calls a sequential request' },
  callsPerBatched: { measured: 0.017, most: 0.022, unit: 'system calls a request in a batch' },
  callsPerDatagram: { measured: 0.38, most: 0.75, unit: 'system calls a datagram of a dump' },
  /* Rates, in thousands a second of CPU time. */
  rawMessageRate: { measured: 7300, least: 1000, unit: 'thousand raw messages a second' },
  typedRowRate: { measured: 1150, least: 230, unit: 'thousand typed routes a second' },
  pickedRowRate: { measured: 1060, least: 210, unit: 'thousand picked routes a second' },
  rawEventRate: { measured: 1170, least: 230, unit: 'thousand raw events a second' },
  typedEventRate: { measured: 570, least: 110, unit: 'thousand typed events a second' },
  awaitedRequestRate: { measured: 70, least: 14, unit: 'thousand awaited requests a second' },
  /* Maps of live collections. */
  mapChange: { measured: 1.5, most: 12, unit: 'microseconds of CPU time a change in a map of 100,000 entries' },
  mapChangeRatio: { measured: 2.5, most: 6, unit: 'times the CPU time of a change in a map of 1,000 entries' },
  /* Loading. */
  loadedBytes: { measured: 321, most: 400, unit: 'KiB of JavaScript loaded by the package root' },
  loadedByFamily: { measured: 104, most: 150, unit: 'KiB more by the largest family' },
  commandVersion: { measured: 1.35, most: 1.9, unit: 'times the CPU time of node -e 0 for rxnetlink --version' },
  commandLinks: { measured: 2.8, most: 4, unit: 'times the CPU time of node -e 0 for rxnetlink links' },
  loadingTime: { measured: 0.29, most: 0.5, unit: 'of the CPU time to load rxjs more for the package root' },
};
