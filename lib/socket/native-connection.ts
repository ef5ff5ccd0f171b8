import { NetlinkError, errnoName } from '../errors/index.js';
import type { NativeSocket } from './load-addon.js';
import type { Destination, SocketOption, TransportConnection } from './transport.js';

/** Options of level `SOL_NETLINK` (linux/netlink.h). @internal */
export const NetlinkOption: {
  readonly AddMembership: 1;
  readonly DropMembership: 2;
  readonly PacketInfo: 3;
} = Object.freeze({ AddMembership: 1, DropMembership: 2, PacketInfo: 3 });

const OPTIONS: Readonly<Record<SocketOption, number>> = {
  packetInfo: NetlinkOption.PacketInfo,
  broadcastError: 4,
  noEnobufs: 5,
  listenAllNsid: 8,
  cappedAck: 10,
  extendedAck: 11,
  strictCheck: 12,
};

const EPERM = -1;
const ENOENT = -2;
const EBADF = -9;
const EAGAIN = -11;
const EINVAL = -22;
const EMSGSIZE = -90;
const ENOPROTOOPT = -92;
const ENOBUFS = -105;
const ECONNREFUSED = -111;

/** Words for the refusals that have a known reason; the others keep their name. */
type Reasons = Readonly<Record<number, string>>;

const SENDING: Reasons = {
  [EPERM]: 'sending to other sockets or to groups takes CAP_NET_ADMIN on this protocol',
  [EMSGSIZE]: 'the datagram does not fit into the send buffer; raise sendBufferSize or send less at once',
  [ENOBUFS]: 'the kernel has no memory for it',
  [ECONNREFUSED]: 'no socket has that port ID',
  [EBADF]: 'the socket is closed',
};

/** One open socket of the addon, with errors in words. @internal */
export class NativeConnection implements TransportConnection {
  readonly portId: number;
  readonly fd: number;
  readonly #socket: NativeSocket;

  constructor(socket: NativeSocket) {
    this.#socket = socket;
    this.portId = socket.portId;
    this.fd = socket.fd;
  }

  send(bytes: Uint8Array, length: number, to?: Destination): boolean {
    const result = this.#socket.send(bytes, length, to?.portId ?? 0, to?.groups ?? 0);
    if (result === EAGAIN) return false;
    check(result, 'send', `${length} bytes were not sent`, SENDING);
    return true;
  }

  exchange(bytes: Uint8Array, length: number, expected: number): ArrayBuffer | undefined {
    const result = this.#socket.exchange(bytes, length, expected);
    if (typeof result !== 'number') return result;
    return refuse(result, 'send', `${length} bytes were not sent`, SENDING);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  setRef(ref: boolean): void {
    this.#socket.setRef(ref);
  }

  setOption(option: SocketOption, on: boolean): void {
    check(this.#socket.setOption(OPTIONS[option], on ? 1 : 0), 'setOption', `option ${option}`, {
      [EPERM]: 'it takes CAP_NET_BROADCAST',
      [ENOPROTOOPT]: 'this kernel does not have it',
    });
  }

  getOption(option: SocketOption): boolean {
    const value = this.#socket.getOption(OPTIONS[option]);
    return check(value, 'getOption', `option ${option}`, { [ENOPROTOOPT]: 'this kernel does not have it' }) !== 0;
  }

  join(group: number): void {
    check(this.#socket.setOption(NetlinkOption.AddMembership, group), 'joinGroup', `group ${group}`, {
      [EINVAL]: 'it is out of range for this protocol',
      [EPERM]: 'joining it takes a capability, CAP_NET_ADMIN most often',
      [ENOENT]: 'nobody serves it',
    });
  }

  leave(group: number): void {
    check(this.#socket.setOption(NetlinkOption.DropMembership, group), 'leaveGroup', `group ${group}`, {
      [EINVAL]: 'it is out of range for this protocol',
    });
  }

  memberships(): number[] {
    const groups = this.#socket.memberships();
    return typeof groups === 'number' ? refuse(groups, 'memberships', 'the groups cannot be listed', {}) : groups;
  }

  setBufferSize(buffer: 'receive' | 'send', bytes: number): void {
    check(this.#socket.setBufferSize(buffer === 'receive', bytes), 'setBufferSize', `${buffer} buffer of ${bytes} bytes`, {});
  }

  getBufferSize(buffer: 'receive' | 'send'): number {
    return check(this.#socket.getBufferSize(buffer === 'receive'), 'getBufferSize', `${buffer} buffer`, {});
  }

  drops(): number {
    return check(this.#socket.drops(), 'drops', 'the drop counter cannot be read', {});
  }

  setFilter(program: Uint8Array | null): void {
    check(this.#socket.setFilter(program), 'setFilter', program === null ? 'detaching' : `${program.byteLength} bytes of BPF`, {
      [ENOENT]: 'there is no filter',
      [EINVAL]: 'the kernel does not take it for a program: 1 to 4096 whole instructions of 8 bytes, jumps inside, ending in a return',
    });
  }

  close(): void {
    this.#socket.close();
  }
}

/** Hands on a figure, or throws what it stands for. @internal */
export function check(result: number, operation: string, what: string, reasons: Reasons): number {
  return result < 0 ? refuse(result, operation, what, reasons) : result;
}

function refuse(errno: number, operation: string, what: string, reasons: Reasons): never {
  const reason = reasons[errno] ?? (errno === EBADF ? 'the socket is closed' : undefined);
  throw new NetlinkError(`${errnoName(errno)} ${operation}: ${what}${reason === undefined ? '' : `: ${reason}`}`, { errno, operation });
}
