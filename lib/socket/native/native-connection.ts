import { getSystemErrorMap } from 'node:util';
import { Errno, NetlinkError, errnoName } from '../../errors/index.js';
import { alignLength } from '../../wire/index.js';
import type { NativeAddon, NativeSocket, SocketConstants } from './load-addon.js';
import type { Destination, SocketOption, TransportConnection } from '../transport/transport.js';

/** `SOL_NETLINK` and its options (linux/netlink.h). */
const NetlinkLevel = Object.freeze({
  Level: 270,
  AddMembership: 1,
  DropMembership: 2,
  ListMemberships: 9,
} as const);

const OPTIONS: Readonly<Record<SocketOption, number>> = {
  packetInfo: 3,
  broadcastError: 4,
  noEnobufs: 5,
  listenAllNsid: 8,
  cappedAck: 10,
  extendedAck: 11,
  strictCheck: 12,
};

/** The number of groups that the first call lists. The kernel returns the size of the whole list; a second call reads a longer one. */
const USUAL_GROUPS = 1024;

/** The index of the drop counter in `SO_MEMINFO`, and the number of its words (linux/sock_diag.h). */
const DROPS_WORD = 8;
const MEMORY_INFO_WORDS = 9;

/** The reasons of errors by errno. Node.js has texts for the others. */
type Reasons = Readonly<Record<number, string>>;

const SENDING: Reasons = {
  [-Errno.EPERM]: 'sending to other sockets or to groups needs CAP_NET_ADMIN on this protocol',
  [-Errno.EMSGSIZE]: 'the datagram does not fit into the send buffer; increase sendBufferSize or send less at once',
  [-Errno.ENOBUFS]: 'the kernel could not allocate memory for it',
  [-Errno.ECONNREFUSED]: 'no socket has that port ID',
};

/** The reasons for port 0, the kernel. Some protocols need a module, or exist only in the initial network namespace. */
const SENDING_TO_KERNEL: Reasons = {
  ...SENDING,
  [-Errno.ECONNREFUSED]: 'the kernel does not serve this protocol in this network namespace',
};

const UNKNOWN: Reasons = { [-Errno.ENOPROTOOPT]: 'this kernel does not have this option' };

const NO_ROOM = new Uint8Array(0);

const BUFFERS = {
  receive: { plain: 'ReceiveBuffer', force: 'ReceiveBufferForce' },
  send: { plain: 'SendBuffer', force: 'SendBufferForce' },
} as const;

/** One open socket of the addon; turns an errno into an error with a reason. @internal */
export class NativeConnection implements TransportConnection {
  readonly portId: number;
  readonly fd: number;
  readonly #socket: NativeSocket;
  readonly #constants: SocketConstants;
  readonly #exchange: NativeAddon['exchange'];
  readonly #number: number;

  constructor(socket: NativeSocket, { constants, exchange }: Pick<NativeAddon, 'constants' | 'exchange'>) {
    this.#socket = socket;
    this.#constants = constants;
    this.#exchange = exchange;
    this.#number = socket.number;
    this.portId = socket.portId;
    this.fd = socket.fd;
  }

  get overrunPending(): boolean {
    return this.#socket.overrunPending;
  }

  /** The number of reads that a thread has done while JavaScript was running. */
  get readsAhead(): number {
    return this.#socket.readsAhead;
  }

  send(bytes: Uint8Array, length: number, to?: Destination): boolean {
    const result = this.#socket.send(bytes, length, to?.portId ?? 0, to?.groups ?? 0);
    if (result === -Errno.EAGAIN) return false;
    // The kernel delivers to the groups first; ECONNREFUSED only means that no socket has port 0 on this protocol.
    if (result === -Errno.ECONNREFUSED && to !== undefined && to.portId === 0 && (to.groups ?? 0) !== 0) return true;
    check(result, 'send', `${length} bytes were not sent`, (to?.portId ?? 0) === 0 ? SENDING_TO_KERNEL : SENDING);
    return true;
  }

  exchange(bytes: Uint8Array, length: number, expected: number): ArrayBuffer | undefined;
  exchange(bytes: Uint8Array, length: number, expected: number, room: Uint8Array, start: number): ArrayBuffer | number | undefined;
  exchange(bytes: Uint8Array, length: number, expected: number, room: Uint8Array = NO_ROOM, start = 0): ArrayBuffer | number | undefined {
    const exchange = this.#exchange;
    const result = exchange(this.#number, bytes, length, expected, room, start);
    if (typeof result !== 'number' || result > 0) return result;
    return fail(result, 'send', `${length} bytes were not sent`, SENDING_TO_KERNEL);
  }

  receiveNow(): ArrayBuffer | undefined {
    return this.#socket.readNow();
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
    this.#set(OPTIONS[option], on ? 1 : 0, 'setOption', `option ${option}`, { [-Errno.EPERM]: 'it needs CAP_NET_BROADCAST', ...UNKNOWN });
  }

  getOption(option: SocketOption): boolean {
    const value = new Uint32Array(1);
    this.#get(NetlinkLevel.Level, OPTIONS[option], value, 'getOption', `option ${option}`, UNKNOWN);
    return value[0] !== 0;
  }

  join(group: number): void {
    this.#set(NetlinkLevel.AddMembership, group, 'joinGroup', `group ${group}`, {
      [-Errno.EINVAL]: 'the number is out of range for this protocol',
      [-Errno.EPERM]: 'joining it needs a capability, most often CAP_NET_ADMIN',
      [-Errno.ENOENT]: 'no family has registered it',
    });
  }

  leave(group: number): void {
    const reasons = { [-Errno.EINVAL]: 'the number is out of range for this protocol' };
    this.#set(NetlinkLevel.DropMembership, group, 'leaveGroup', `group ${group}`, reasons);
  }

  memberships(): number[] {
    let words = new Uint32Array(USUAL_GROUPS / 32);
    for (;;) {
      const bytes = this.#get(NetlinkLevel.Level, NetlinkLevel.ListMemberships, words, 'memberships', 'groups', {});
      if (bytes <= words.byteLength) return groupsIn(words);
      words = new Uint32Array(alignLength(bytes) / 4);
    }
  }

  setBufferSize(buffer: 'receive' | 'send', bytes: number): void {
    const level = this.#constants.SocketLevel;
    const { plain, force } = BUFFERS[buffer];
    let result = this.#socket.setOption(level, this.#constants[force], bytes);
    if (result === -Errno.EPERM) result = this.#socket.setOption(level, this.#constants[plain], bytes);
    check(result, 'setBufferSize', `${buffer} buffer of ${bytes} bytes`, {});
  }

  getBufferSize(buffer: 'receive' | 'send'): number {
    const value = new Uint32Array(1);
    const option = this.#constants[BUFFERS[buffer].plain];
    this.#get(this.#constants.SocketLevel, option, value, 'getBufferSize', `${buffer} buffer`, {});
    return value[0]!;
  }

  drops(): number {
    const words = new Uint32Array(MEMORY_INFO_WORDS);
    this.#get(this.#constants.SocketLevel, this.#constants.MemoryInfo, words, 'drops', 'counter', {});
    return words[DROPS_WORD]!;
  }

  setFilter(program: Uint8Array | null): void {
    check(
      this.#socket.setFilter(program),
      'setFilter',
      program === null ? 'the filter was not detached' : `${program.byteLength} bytes of BPF were not attached`,
      {
        [-Errno.ENOENT]: 'no filter is attached',
        [-Errno.EINVAL]:
          'it is not a valid program; expected 1 to 4096 instructions of 8 bytes, no jump past the end, and a return at the end',
      },
    );
  }

  close(): void {
    this.#socket.close();
  }

  #set(option: number, value: number, operation: string, what: string, reasons: Reasons): void {
    check(this.#socket.setOption(NetlinkLevel.Level, option, value), operation, what, reasons);
  }

  #get(level: number, option: number, value: Uint32Array, operation: string, what: string, reasons: Reasons): number {
    return check(this.#socket.getOption(level, option, value), operation, what, reasons);
  }
}

/** Returns the numbers of the set bits, from 1. */
function groupsIn(words: Uint32Array): number[] {
  const groups: number[] = [];
  words.forEach((word, index) => {
    for (let bit = 0; bit < 32; bit++) if (((word >>> bit) & 1) !== 0) groups.push(index * 32 + bit + 1);
  });
  return groups;
}

/** Returns a result; throws an error if it is an errno. */
function check(result: number, operation: string, what: string, reasons: Reasons): number {
  return result < 0 ? fail(result, operation, what, reasons) : result;
}

function fail(errno: number, operation: string, what: string, reasons: Reasons): never {
  const reason = reasons[errno] ?? (errno === -Errno.EBADF ? 'the socket is closed' : getSystemErrorMap().get(errno)?.[1]);
  throw new NetlinkError(`${errnoName(errno)} ${operation}: ${what}${reason === undefined ? '' : `: ${reason}`}`, { errno, operation });
}
