import type { Observable } from 'rxjs';
import { netlink, type NetlinkSocket, type NetlinkSocketOptions } from '../../lib/index.js';

/** Opens sockets for the specs of a `describe` and closes them after each. */
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

/** What a stream ends with: its error, or `undefined` where it completes. */
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

/** Lets the event loop turn for so many milliseconds. */
export function pause(milliseconds = 20): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** Holds JavaScript up, so that threads and other processes have their time, also on a machine with more to do. */
export function linger(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Waits until a condition holds; an error names what did not come true. */
export async function until(what: string, condition: () => boolean, milliseconds = 5000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${String(milliseconds)} ms`);
    await pause(2);
  }
}

/** What a subscription has brought so far. */
export interface Collected<T> {
  readonly values: T[];
  /** `'complete'`, or the error that ended it; undefined while it goes on. */
  end: unknown;
  stop(): void;
}

/** Subscribes and keeps what comes, the end included. */
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
