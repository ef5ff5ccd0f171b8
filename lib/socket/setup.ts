import { NetlinkError } from '../errors/index.js';
import { filterProgram, type MessageFilter } from './filter/bpf.js';
import { encodeFilter, type FilterProgram } from './filter/filter.js';
import { checkBoolean } from '../check/index.js';
import { checkBufferSize, checkSocketFilter, checkSwitch, type SocketSettings } from './options.js';
import type { Trace } from './session/trace.js';
import type { SocketOption, TransportConnection } from './transport/transport.js';

/** A program of your own, or what {@link bpf} builds. @public */
export type SocketFilter = FilterProgram | MessageFilter;

type SetupSettings = Pick<SocketSettings, 'switches' | 'optional' | 'receiveBufferSize' | 'sendBufferSize' | 'filter' | 'ref'>;

/**
 * What a descriptor has to be told after it is opened, remembered over its closing: switches, buffer sizes, filter.
 *
 * @internal
 */
export class SocketSetup {
  ref: boolean;
  readonly #switches: Map<SocketOption, boolean>;
  readonly #optional: Set<SocketOption>;
  readonly #sizes: { receive: number | undefined; send: number | undefined };
  #filter: SocketFilter | null;

  constructor({ switches, optional, receiveBufferSize, sendBufferSize, filter, ref }: SetupSettings) {
    this.#switches = new Map(switches);
    this.#optional = new Set(optional);
    this.#sizes = { receive: receiveBufferSize, send: sendBufferSize };
    this.#filter = filter ?? null;
    this.ref = ref;
  }

  /** A setup for another socket that is to be like this one; a filter is for one socket alone. */
  copy(): SocketSetup {
    return new SocketSetup({
      switches: this.#switches,
      optional: this.#optional,
      receiveBufferSize: this.#sizes.receive,
      sendBufferSize: this.#sizes.send,
      filter: undefined,
      ref: this.ref,
    });
  }

  /** Tells a descriptor everything. */
  apply(connection: TransportConnection, trace: Trace): void {
    for (const [option, on] of this.#switches) this.#switch(connection, option, on, trace);
    if (this.#filter !== null) connection.setFilter(encode(this.#filter, connection.portId));
    for (const buffer of ['receive', 'send'] as const) {
      const bytes = this.#sizes[buffer];
      if (bytes !== undefined) resize(connection, buffer, bytes, trace);
    }
  }

  setOption(option: SocketOption, on: boolean, connection: TransportConnection | undefined): void {
    checkSwitch(option);
    checkBoolean(`netlink: option ${option}`, on);
    connection?.setOption(option, on);
    this.#switches.set(option, on);
    this.#optional.delete(option);
  }

  setBufferSize(buffer: 'receive' | 'send', bytes: number, connection: TransportConnection | undefined, trace: Trace): void {
    checkBufferSize(`${buffer}BufferSize`, bytes);
    if (connection !== undefined) resize(connection, buffer, bytes, trace);
    this.#sizes[buffer] = bytes;
  }

  setFilter(filter: SocketFilter | null, connection: TransportConnection | undefined): void {
    if (filter === null) {
      if (this.#filter !== null) connection?.setFilter(null);
    } else {
      checkSocketFilter(filter);
      // Made now, too, although only an open socket knows the port ID that goes into it.
      const program = encode(filter, connection?.portId ?? 0);
      connection?.setFilter(program);
    }
    this.#filter = filter;
  }

  #switch(connection: TransportConnection, option: SocketOption, on: boolean, trace: Trace): void {
    try {
      connection.setOption(option, on);
    } catch (error) {
      if (!(error instanceof NetlinkError) || error.code !== 'ENOPROTOOPT' || !this.#optional.has(option)) throw error;
      trace.note(`this kernel has no option ${option}`);
    }
  }
}

function encode(filter: SocketFilter, portId: number): Uint8Array {
  return encodeFilter('conditions' in filter ? filterProgram(filter, portId) : filter);
}

/** Without privileges the kernel gives less than was asked and says nothing; whoever looks is told. */
function resize(connection: TransportConnection, buffer: 'receive' | 'send', bytes: number, trace: Trace): void {
  connection.setBufferSize(buffer, bytes);
  const got = connection.getBufferSize(buffer);
  if (got < bytes) trace.note(`asked for a ${buffer} buffer of ${bytes} bytes, got ${got}; more needs CAP_NET_ADMIN`);
}
