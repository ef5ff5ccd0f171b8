import { randomInt } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { Errno, NetlinkError } from '../../errors/index.js';
import type { Destination, SocketOption, TransportConnection, TransportOptions } from '../../socket/index.js';
import { ToHost } from './frames.js';
import { RemoteSession } from './remote-session.js';
import { RemoteSetup } from './remote-setup.js';
import type { RemoteSettings } from './remote-settings.js';

/** The size of the receive queue that is assumed before the host has answered: the kernel's usual one. */
const RECEIVE_BUFFER = 212_992;

/** One socket of another host. @internal */
export class RemoteConnection implements TransportConnection {
  readonly portId: number;
  readonly fd = -1;
  readonly #options: TransportOptions;
  readonly #session: RemoteSession;
  readonly #setup = new RemoteSetup();
  /** The slabs that have arrived and are not delivered: at most a window. */
  readonly #slabs: ArrayBuffer[] = [];
  #paused = false;
  #closed = false;
  #unreported = 0;
  #drops = 0;

  /** @throws FleetError if the connection to the server is lost. */
  constructor(nats: NatsConnection, settings: RemoteSettings, options: TransportOptions, netns: string | undefined) {
    this.#options = options;
    // The kernel assigns such numbers when the process ID is taken; the real one is known only after the answer of the host.
    this.portId = options.portId === 0 ? randomInt(0x8000_0000, 0xffff_ffff) : options.portId;
    const { protocol, datagramSize } = options;
    this.#session = new RemoteSession(nats, settings, {
      protocol,
      datagramSize,
      netns,
      portId: this.portId,
      setup: this.#setup,
      slab: (slab, dropped) => {
        this.#drops += dropped;
        this.#slabs.push(slab);
        this.#deliver();
      },
      ended: (error) => {
        if (!this.#closed) options.closed?.(error);
      },
    });
  }

  send(bytes: Uint8Array, length: number, to?: Destination): boolean {
    this.#assertOpen('send');
    if (to !== undefined && (to.portId !== 0 || (to.groups ?? 0) !== 0))
      throw unsupported('send', 'a remote socket sends to the kernel only');
    const { sendBuffer } = this.#setup;
    if (length > sendBuffer - 32) {
      const text = `${length} bytes were not sent: they do not fit into a send buffer of ${sendBuffer} bytes; increase sendBufferSize`;
      throw new NetlinkError(`EMSGSIZE send: ${text}`, { errno: -Errno.EMSGSIZE, operation: 'send' });
    }
    return this.#session.send(bytes.slice(0, length));
  }

  exchange(bytes: Uint8Array, length: number): undefined {
    this.send(bytes, length);
  }

  receiveNow(): ArrayBuffer | undefined {
    return this.#paused ? undefined : this.#take();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    if (this.#slabs.length > 0) setImmediate(() => this.#deliver());
  }

  /** Does nothing: the connection to the server keeps the process alive. */
  setRef(): void {}

  setOption(option: SocketOption, on: boolean): void {
    this.#assertOpen('setOption');
    const change = this.#setup.setSwitch(option, on);
    if (change === undefined) throw unsupported('setOption', `a remote socket does not have option ${option}`);
    this.#session.write(...change);
  }

  getOption(option: SocketOption): boolean {
    return (this.#setup.switches as ReadonlyMap<string, boolean>).get(option) ?? false;
  }

  join(group: number): void {
    this.#assertOpen('joinGroup');
    if (this.#setup.groups.has(group)) return;
    this.#setup.groups.add(group);
    this.#session.write(ToHost.Join, group);
  }

  leave(group: number): void {
    this.#assertOpen('leaveGroup');
    if (this.#setup.groups.delete(group)) this.#session.write(ToHost.Leave, group);
  }

  memberships(): number[] {
    return this.#setup.sortedGroups;
  }

  setBufferSize(buffer: 'receive' | 'send', bytes: number): void {
    this.#assertOpen('setBufferSize');
    // The size of the receive queue is the host's.
    if (buffer === 'send') this.#session.write(...this.#setup.resizeSendBuffer(bytes));
  }

  getBufferSize(buffer: 'receive' | 'send'): number {
    return buffer === 'send' ? this.#setup.sendBuffer : (this.#session.receiveBuffer ?? RECEIVE_BUFFER);
  }

  drops(): number {
    return this.#drops;
  }

  setFilter(program: Uint8Array | null): void {
    if (program !== null) throw unsupported('setFilter', 'a program cannot be attached to a remote socket; filter the messages here');
  }

  close(): void {
    this.#closed = true;
    this.#slabs.length = 0;
    this.#session.close();
  }

  #deliver(): void {
    while (!this.#paused && !this.#closed) {
      const slab = this.#take();
      if (slab === undefined) return;
      this.#options.receive(slab);
    }
  }

  /** Takes a slab out of the queue, and allows the host to send as many bytes again. */
  #take(): ArrayBuffer | undefined {
    const slab = this.#slabs.shift();
    if (slab === undefined) return undefined;
    this.#unreported += slab.byteLength;
    if (this.#unreported >= this.#session.window / 4) {
      this.#session.write(ToHost.Credit, this.#unreported);
      this.#unreported = 0;
    }
    return slab;
  }

  #assertOpen(operation: string): void {
    if (!this.#closed && !this.#session.ended) return;
    throw new NetlinkError(`ENOTCONN ${operation}: the remote socket is closed`, { errno: -Errno.ENOTCONN, operation });
  }
}

function unsupported(operation: string, text: string): NetlinkError {
  return new NetlinkError(`EOPNOTSUPP ${operation}: ${text}`, { errno: -Errno.EOPNOTSUPP, operation });
}
