import { nativeTransport } from '../../../../../lib/socket/index.js';
import type { Transport, TransportConnection } from '../../../../../lib/socket/index.js';

/** NLMSG_HDRLEN. */
const HEADER = 16;

/** NETLINK_ROUTE and NETLINK_NETFILTER. */
const [ROUTE, NETFILTER] = [0, 12];

/** NFNL_MSG_BATCH_BEGIN: the first message of a transaction. */
const BATCH_BEGIN = 16;

/** RTM_BASE: rtnetlink's first type; control messages are below. */
const BASE = 16;

/** A type that rtnetlink does not know: EOPNOTSUPP. */
const UNKNOWN = 0x7ff;

/** A transport to the kernel that spoils chosen writes, so that the kernel rejects them. */
export interface RefusingTransport {
  readonly transport: Transport;
  /** Counts the writes of rtnetlink from now on, and spoils those for which the function returns true; undefined: none. */
  refuse(isRefused?: (write: number) => boolean): void;
  /** The number of writes since then. */
  readonly writes: number;
  /** Called before a datagram with writes is sent, or with a transaction of nftables. */
  onWrite: (() => void) | undefined;
}

/** Returns a transport between the library and the kernel. */
export function refusingTransport(): RefusingTransport {
  let isRefused: (write: number) => boolean = () => false;
  const state = { writes: 0, onWrite: undefined as (() => void) | undefined };
  const spoil = (bytes: Uint8Array, length: number): void => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, length);
    let hasWrites = false;
    for (let at = 0; at + HEADER <= length; at += (view.getUint32(at, true) + 3) & ~3) {
      const type = view.getUint16(at + 4, true);
      // Message types come in fours; the third of them reads.
      if (type < BASE || (type & 3) === 2) continue;
      hasWrites = true;
      if (isRefused(state.writes++)) view.setUint16(at + 4, UNKNOWN, true);
    }
    if (hasWrites) state.onWrite?.();
  };
  const watch = (bytes: Uint8Array, length: number): void => {
    if (new DataView(bytes.buffer, bytes.byteOffset, length).getUint16(4, true) === BATCH_BEGIN) state.onWrite?.();
  };
  const wrap = (connection: TransportConnection, inspect: (bytes: Uint8Array, length: number) => void): TransportConnection =>
    new Proxy(connection, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof value !== 'function') return value;
        if (name !== 'send' && name !== 'exchange') return (value as (...args: unknown[]) => unknown).bind(target);
        return (bytes: Uint8Array, length: number, ...rest: unknown[]) => {
          inspect(bytes, length);
          return (value as (...args: unknown[]) => unknown).call(target, bytes, length, ...rest);
        };
      },
    });
  const transport: Transport = {
    ...nativeTransport,
    open: (options) => {
      const connection = nativeTransport.open(options);
      if (options.protocol === ROUTE) return wrap(connection, spoil);
      return options.protocol === NETFILTER ? wrap(connection, watch) : connection;
    },
  };
  return {
    transport,
    refuse: (given = () => false) => {
      isRefused = given;
      state.writes = 0;
    },
    get writes() {
      return state.writes;
    },
    get onWrite() {
      return state.onWrite;
    },
    set onWrite(listener) {
      state.onWrite = listener;
    },
  };
}
