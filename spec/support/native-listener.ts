import { closeSync, openSync } from 'node:fs';
import { nativeTransport } from '../../lib/socket/native/native-transport.js';
import { Slab, type SlabEntry } from '../../lib/socket/transport/slab.js';
import type { TransportConnection, TransportOptions } from '../../lib/socket/transport/transport.js';
import { skipBecause } from './namespace.js';
import { PATIENCE } from './patience.js';

/** The contents of a slab. */
export interface Delivery {
  readonly entries: readonly SlabEntry[];
  readonly bytes: Uint8Array;
  readonly drained: boolean;
  readonly lost: boolean;
  readonly dropped: number;
}

/** An open native connection and its deliveries. */
export interface NativeListener {
  readonly connection: TransportConnection;
  readonly deliveries: readonly Delivery[];
  /** Entries of all deliveries. */
  entries(): SlabEntry[];
  /** Waits until the condition holds after a delivery, past or future. */
  until(condition: () => boolean, milliseconds?: number): Promise<void>;
}

const open = new Set<TransportConnection>();

/** Reads the contents of a slab. */
export function readSlab(buffer: ArrayBuffer): Delivery {
  const slab = Slab.of(buffer);
  const entries = Array.from({ length: slab.count }, (_, index) => slab.entry(index));
  return { entries, bytes: new Uint8Array(buffer), drained: slab.drained, lost: slab.lost, dropped: slab.dropped };
}

/** The options of the transport, except that the namespace may be a path. */
export type ListenOptions = Partial<Omit<TransportOptions, 'netns' | 'receive'>> & { readonly netns?: string | number };

/** Opens a native connection in the namespace of a path or a descriptor. */
export function openNative({ netns, ...options }: ListenOptions, receive: (slab: ArrayBuffer) => void): TransportConnection {
  const descriptor = typeof netns === 'string' ? openSync(netns, 'r') : netns;
  try {
    return nativeTransport.open({ protocol: 0, portId: 0, datagramSize: 1 << 20, ref: true, receive, netns: descriptor, ...options });
  } finally {
    if (typeof netns === 'string' && descriptor !== undefined) closeSync(descriptor);
  }
}

/** Opens a native connection that keeps its deliveries; {@link closeListeners} closes it. */
export function listen(options: ListenOptions = {}): NativeListener {
  const deliveries: Delivery[] = [];
  const waiting = new Set<() => void>();
  const receive = (slab: ArrayBuffer): void => {
    deliveries.push(readSlab(slab));
    for (const check of [...waiting]) check();
  };
  const connection = openNative(options, receive);
  open.add(connection);
  return {
    connection,
    deliveries,
    entries: () => deliveries.flatMap((delivery) => delivery.entries),
    until: (condition, milliseconds = 5000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`the condition does not hold after ${milliseconds} ms and ${deliveries.length} deliveries`));
        }, milliseconds * PATIENCE);
        const check = (): void => {
          if (!condition()) return;
          waiting.delete(check);
          clearTimeout(timer);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}

/** Closes all connections that {@link listen} has opened, for `afterEach`. */
export function closeListeners(): void {
  for (const connection of open) connection.close();
  open.clear();
}

/** Sets the size of a connection's receive queue; skips the spec if the kernel limits it. */
export function makeRoom(context: Mocha.Context, { connection }: Pick<NativeListener, 'connection'>, bytes: number): void {
  connection.setBufferSize('receive', bytes);
  if (connection.getBufferSize('receive') >= bytes) return;
  closeListeners();
  skipBecause(context, 'larger buffers need CAP_NET_ADMIN in the initial user namespace');
}
