import type { Observable } from 'rxjs';
import { netlink, type NetlinkSocket, type NetlinkSocketOptions } from '../../lib/index.js';
import { PATIENCE } from './patience.js';

/** Returns a function that opens a socket; closes all sockets after each spec. */
export function useSockets(): (options: NetlinkSocketOptions) => NetlinkSocket {
  const sockets: NetlinkSocket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  return (options) => {
    const socket = netlink(options);
    sockets.push(socket);
    return socket;
  };
}

/** Returns the error of a stream; undefined if it completes. */
export function errorOf(source: Observable<unknown>): Promise<unknown> {
  return new Promise((resolve) => {
    source.subscribe({
      error: resolve,
      complete: () => {
        resolve(undefined);
      },
    });
  });
}

/** Waits for the given number of milliseconds. */
export function pause(milliseconds = 20): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** Blocks the event loop, so that threads and other processes can run. */
export function linger(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Waits until a condition holds; the error names the missing event. */
export async function until(what: string, condition: () => boolean, milliseconds = 5000): Promise<void> {
  const limit = milliseconds * PATIENCE;
  const end = performance.now() + limit;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what}: missing after ${String(limit)} ms`);
    await pause(2);
  }
}

/** The emissions of a subscription. */
export interface Collected<T> {
  readonly values: T[];
  /** `'complete'`, or the error that ended the stream; undefined while it is open. */
  end: unknown;
  stop(): void;
}

/** Subscribes to a stream and collects its emissions, including the end. */
export function collect<T>(source: Observable<T>): Collected<T> {
  const collected: Collected<T> = { values: [], end: undefined, stop: () => undefined };
  const subscription = source.subscribe({
    next: (value) => collected.values.push(value),
    error: (error: unknown) => {
      collected.end = error;
    },
    complete: () => {
      collected.end = 'complete';
    },
  });
  collected.stop = () => {
    subscription.unsubscribe();
  };
  return collected;
}
