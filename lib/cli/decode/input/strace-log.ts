import { KERNEL_ORIGIN } from '../../../wire/index.js';
import { protocolNumber } from '../protocol-names.js';
import type { LoggedDatagram } from './logged-datagram.js';
import { StraceCalls, type StraceCall } from './strace-call.js';

/** The system calls that move bytes, and their direction. */
const DIRECTIONS: ReadonlyMap<string, 'sent' | 'received'> = new Map([
  ...['send', 'sendto', 'sendmsg', 'sendmmsg', 'write', 'writev'].map((name) => [name, 'sent'] as const),
  ...['recv', 'recvfrom', 'recvmsg', 'recvmmsg', 'read', 'readv'].map((name) => [name, 'received'] as const),
]);

/** A descriptor as `-yy` annotates it: `3<NETLINK:[ROUTE:6943]>`, and `3<NETLINK:[32091476]>` with an inode if strace finds no protocol. */
const DESCRIPTOR = /^(\d+)(?:<(?:NETLINK:\[(?:([A-Z]\w*):|(\d+)\])|(?!NETLINK|socket:)(\w)))?/;

/** A row of a dump has five or more digits of offset, two blanks, and the bytes in 49 columns before their characters. */
const ROW = /^ \| [\da-f]{5,} {2}(.{1,49})/;

/** Returns the protocol of a socket of a process; undefined if it is not known. */
export type ProtocolOfInode = (inode: string, process: number) => number | undefined;

/** The bytes of the call that was logged last. */
interface Dump {
  readonly call: StraceCall;
  readonly head: Omit<LoggedDatagram, 'bytes'>;
  bytes: number[];
}

/**
 * Finds the netlink datagrams in a log of `strace -e trace=network -e read=all -e write=all`, line by line.
 *
 * The dumps below the calls hold the bytes; what strace prints of a message itself is not complete.
 */
export class StraceLog {
  readonly #calls = new StraceCalls();
  readonly #defaultProtocol: number;
  readonly #protocolOfInode: ProtocolOfInode;
  /** The protocols of descriptors, by process; undefined for a socket of another domain. */
  readonly #sockets = new Map<string, number | undefined>();
  /** The same by descriptor alone: threads, and children of a process, share descriptors. */
  readonly #shared = new Map<number, number | undefined>();
  #dump: Dump | undefined;
  #line = 0;
  #withoutBytes = 0;

  /**
   * @param defaultProtocol - The protocol of a socket that was opened before the log began.
   * @param protocolOfInode - Looks such a socket up, while the process runs.
   */
  constructor(defaultProtocol: number, protocolOfInode: ProtocolOfInode = () => undefined) {
    this.#defaultProtocol = defaultProtocol;
    this.#protocolOfInode = protocolOfInode;
  }

  /** The number of netlink calls without a dump of their bytes. */
  get withoutBytes(): number {
    return this.#withoutBytes;
  }

  /** Returns the datagrams that a line completes. */
  read(line: string): LoggedDatagram[] {
    this.#line++;
    if (line.startsWith(' ')) return this.#readDump(line);
    const finished = this.end();
    const call = this.#calls.read(line);
    if (call?.name === 'socket') this.#open(call);
    else if (call !== undefined) this.#begin(call);
    return finished;
  }

  /** Returns the datagram whose end only the end of its dump shows. */
  end(): LoggedDatagram[] {
    const dump = this.#dump;
    this.#dump = undefined;
    if (dump === undefined) return [];
    if (dump.bytes.length > 0) return [{ ...dump.head, bytes: Uint8Array.from(dump.bytes) }];
    this.#withoutBytes++;
    return [];
  }

  #open({ process, arguments: text, result }: StraceCall): void {
    if (result < 0) return;
    const [domain, , protocol = ''] = text.split(', ');
    const number = domain === 'AF_NETLINK' ? protocolNumber(protocol.split(' ')[0]!) : undefined;
    this.#sockets.set(`${process} ${result}`, number);
    this.#shared.set(result, number);
  }

  #begin(call: StraceCall): void {
    const direction = DIRECTIONS.get(call.name);
    // A program peeks at a datagram to learn its size, and receives it again.
    if (direction === undefined || call.result <= 0 || /\bMSG_PEEK\b/.test(call.arguments)) return;
    const protocol = this.#protocolOf(call);
    if (protocol === undefined) return;
    const groups = direction === 'received' ? Number.parseInt(/nl_groups=(\w+)/.exec(call.arguments)?.[1] ?? '0', 16) : 0;
    const head = {
      ...KERNEL_ORIGIN,
      group: groups === 0 ? 0 : 32 - Math.clz32(groups),
      direction,
      protocol,
      time: call.time,
      process: call.process === 0 ? undefined : call.process,
      place: `line ${this.#line}`,
    };
    this.#dump = { call, head, bytes: [] };
  }

  #protocolOf({ process, arguments: text }: StraceCall): number | undefined {
    const [, descriptor, name, inode, other] = DESCRIPTOR.exec(text) ?? [];
    if (descriptor === undefined || other !== undefined) return undefined;
    if (name !== undefined) return protocolNumber(name);
    const key = `${process} ${descriptor}`;
    const known = this.#sockets.has(key) ? this.#sockets.get(key) : this.#shared.get(Number(descriptor));
    if (known !== undefined) return known;
    const found = inode === undefined ? undefined : this.#protocolOfInode(inode, process);
    return found ?? (/\bAF_NETLINK\b|\bnlmsg_len=|<NETLINK:/.test(text) ? this.#defaultProtocol : undefined);
  }

  #readDump(line: string): LoggedDatagram[] {
    const dump = this.#dump;
    if (dump === undefined) return [];
    // A call for many datagrams has a line for each of them: ` = 1 buffers in vector 0`.
    if (line.startsWith(' = ')) {
      const before = dump.bytes.length === 0 ? [] : [{ ...dump.head, bytes: Uint8Array.from(dump.bytes) }];
      dump.bytes = [];
      return before;
    }
    const row = ROW.exec(line)?.[1];
    if (row === undefined) return [];
    for (const [pair] of row.matchAll(/[\da-f]{2}/g)) dump.bytes.push(Number.parseInt(pair, 16));
    const isOne = !dump.call.name.endsWith('mmsg');
    return isOne && dump.bytes.length >= dump.call.result ? this.end() : [];
  }
}
