import { NetlinkError } from '../errors/index.js';
import { checkSocketFilter, encodeSocketFilter, type SocketFilter } from './filter/socket-filter.js';
import { checkBoolean } from '../check/index.js';
import { checkBufferSize, checkSwitch, type SocketSettings } from './options.js';
import type { Trace } from './session/trace.js';
import type { SocketOption, TransportConnection } from './transport/transport.js';

type SetupSettings = Pick<SocketSettings, 'switches' | 'optional' | 'receiveBufferSize' | 'sendBufferSize' | 'filter' | 'ref'>;

/**
 * The settings that a descriptor gets after it is opened: switches, buffer sizes, filter. They outlive the descriptor.
 *
 * @internal
 */
export class SocketSetup {
  ref: boolean;
  // Replaced by a change, and never changed: siblings share them.
  #switches: ReadonlyMap<SocketOption, boolean>;
  #optional: ReadonlySet<SocketOption>;
  #receiveSize: number | undefined;
  #sendSize: number | undefined;
  #filter: SocketFilter | null;

  constructor({ switches, optional, receiveBufferSize, sendBufferSize, filter, ref }: SetupSettings) {
    this.#switches = switches;
    this.#optional = optional;
    this.#receiveSize = receiveBufferSize;
    this.#sendSize = sendBufferSize;
    this.#filter = filter ?? null;
    this.ref = ref;
  }

  /** Returns a copy for a sibling, without the filter. */
  copy(): SocketSetup {
    return new SocketSetup({
      switches: this.#switches,
      optional: this.#optional,
      receiveBufferSize: this.#receiveSize,
      sendBufferSize: this.#sendSize,
      filter: undefined,
      ref: this.ref,
    });
  }

  /** Applies all settings to a connection that was opened just now. */
  apply(connection: TransportConnection, trace: Trace): void {
    for (const [option, on] of this.#switches) this.#switch(connection, option, on, trace);
    if (this.#filter !== null) connection.setFilter(encodeSocketFilter(this.#filter, connection.portId));
    if (this.#receiveSize !== undefined) resize(connection, 'receive', this.#receiveSize, trace);
    if (this.#sendSize !== undefined) resize(connection, 'send', this.#sendSize, trace);
  }

  setOption(option: SocketOption, on: boolean, connection: TransportConnection | undefined): void {
    checkSwitch(option);
    checkBoolean(`netlink: option ${option}`, on);
    connection?.setOption(option, on);
    this.#switches = new Map(this.#switches).set(option, on);
    this.#optional = new Set([...this.#optional].filter((one) => one !== option));
  }

  setBufferSize(buffer: 'receive' | 'send', bytes: number, connection: TransportConnection | undefined, trace: Trace): void {
    checkBufferSize(`${buffer}BufferSize`, bytes);
    if (connection !== undefined) resize(connection, buffer, bytes, trace);
    if (buffer === 'receive') this.#receiveSize = bytes;
    else this.#sendSize = bytes;
  }

  setFilter(filter: SocketFilter | null, connection: TransportConnection | undefined): void {
    if (filter === null) {
      if (this.#filter !== null) connection?.setFilter(null);
    } else {
      checkSocketFilter(filter);
      // A closed socket has no port ID yet: this program only shows that the filter is valid.
      const program = encodeSocketFilter(filter, connection?.portId ?? 0);
      connection?.setFilter(program);
    }
    this.#filter = filter;
  }

  #switch(connection: TransportConnection, option: SocketOption, on: boolean, trace: Trace): void {
    try {
      connection.setOption(option, on);
    } catch (error) {
      if (!(error instanceof NetlinkError) || error.code !== 'ENOPROTOOPT' || !this.#optional.has(option)) throw error;
      trace.note(`setOption: this kernel does not have option ${option}`);
    }
  }
}

/** Sets a buffer size, and traces a warning if the kernel grants less: without CAP_NET_ADMIN it limits the size silently. */
function resize(connection: TransportConnection, buffer: 'receive' | 'send', bytes: number, trace: Trace): void {
  connection.setBufferSize(buffer, bytes);
  const got = connection.getBufferSize(buffer);
  if (got < bytes) trace.note(`${buffer} buffer: asked for ${bytes} bytes, got ${got}; a larger size needs CAP_NET_ADMIN`);
}
