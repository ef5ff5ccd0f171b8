import { checkMessageFilter } from './filter/bpf.js';
import { checkBoolean, checkInteger, checkOptionNames, kindOf } from '../check/index.js';
import { checkFilter, type FilterProgram } from './filter/filter.js';
import type { SocketFilter } from './setup.js';
import type { NetworkNamespace, SocketOption, Transport } from './transport/transport.js';

/** How to open a socket. Only `protocol` is required; defaults suit requests, dumps and events alike. @public */
export interface NetlinkSocketOptions {
  /** Which netlink protocol to speak, e.g. `Protocol.Route`. */
  readonly protocol: number;
  /** Multicast groups by number, joined at every opening; any number, not the bit mask of `bind(2)`. */
  readonly groups?: readonly number[];
  /**
   * Network namespace to open the socket in: a name under /run/netns, a path, `{ pid }` or `{ fd }`.
   * Needs CAP_SYS_ADMIN over it.
   * @defaultValue the namespace of the calling thread
   */
  readonly netns?: NetworkNamespace;
  /**
   * Port ID to bind: a netlink address, not a process ID.
   * @defaultValue 0, the kernel chooses
   */
  readonly portId?: number;
  /**
   * Let the kernel explain its refusals (`NETLINK_EXT_ACK`).
   * @defaultValue true
   */
  readonly extendedAck?: boolean;
  /**
   * Let acks not repeat the request (`NETLINK_CAP_ACK`); the library keeps it.
   * @defaultValue true
   */
  readonly cappedAck?: boolean;
  /**
   * Let the kernel validate GET requests and filter dumps (`NETLINK_GET_STRICT_CHK`).
   * @defaultValue true where the kernel has it; an explicit true fails to open where it has not
   */
  readonly strictCheck?: boolean;
  /**
   * Kernel receive queue (`SO_RCVBUF`) in bytes. Raise it when {@link OverrunError} appears. It does not limit one
   * datagram; `datagramSize` does.
   * @defaultValue the system default
   */
  readonly receiveBufferSize?: number;
  /**
   * Kernel send buffer (`SO_SNDBUF`) in bytes; one datagram may take all of it but 32 bytes.
   * @defaultValue the system default
   */
  readonly sendBufferSize?: number;
  /**
   * Largest datagram to accept, in bytes. Memory is reserved, not used, for it.
   * @defaultValue 1 MiB
   */
  readonly datagramSize?: number;
  /**
   * Whose datagrams to accept. Whoever may write to the socket can forge; `'any'` is for `Protocol.UserSock`.
   * @defaultValue `'kernel'`
   */
  readonly sender?: 'kernel' | 'any';
  /** Classic BPF program to attach at every opening; see {@link bpf}. */
  readonly filter?: SocketFilter;
  /**
   * Whether the open socket keeps the process alive.
   * @defaultValue true
   */
  readonly ref?: boolean;
  /**
   * What lies beneath the socket; a fake kernel in tests.
   * @defaultValue the kernel
   */
  readonly transport?: Transport;
}

/** Options after all checks, every default filled in. @internal */
export interface SocketSettings {
  readonly protocol: number;
  readonly groups: readonly number[];
  readonly netns: NetworkNamespace | undefined;
  readonly portId: number;
  readonly receiveBufferSize: number | undefined;
  readonly sendBufferSize: number | undefined;
  readonly datagramSize: number;
  readonly sender: 'kernel' | 'any';
  readonly filter: SocketFilter | undefined;
  readonly ref: boolean;
  /** Switches to set when opening; those in `optional` may be missing from the kernel. */
  readonly switches: ReadonlyMap<SocketOption, boolean>;
  readonly optional: ReadonlySet<SocketOption>;
}

const KNOWN: ReadonlySet<string> = new Set<keyof NetlinkSocketOptions>([
  'protocol',
  'groups',
  'netns',
  'portId',
  'extendedAck',
  'cappedAck',
  'strictCheck',
  'receiveBufferSize',
  'sendBufferSize',
  'datagramSize',
  'sender',
  'filter',
  'ref',
  'transport',
]);

const DEFAULT_DATAGRAM_SIZE = 1 << 20;
const LARGEST_DATAGRAM_SIZE = 1 << 30;

/**
 * Checks options and fills in defaults.
 *
 * @throws TypeError if an option is of the wrong kind or unknown, RangeError if a number is out of range.
 * @internal
 */
export function checkOptions(options: NetlinkSocketOptions): SocketSettings {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw new TypeError(`netlink: options with a protocol are needed, e.g. { protocol: Protocol.Route }, not ${kindOf(options)}`);
  }
  checkOptionNames('netlink', options, KNOWN);
  const { extendedAck = true, cappedAck = true, strictCheck = true, sender = 'kernel', ref = true } = options;
  const { groups = [], portId = 0, datagramSize = DEFAULT_DATAGRAM_SIZE, transport, filter } = options;
  for (const [name, value] of Object.entries({ extendedAck, cappedAck, strictCheck, ref })) checkBoolean(`netlink: option ${name}`, value);
  if (!Array.isArray(groups)) throw new TypeError('netlink: option groups must be an array of group numbers');
  for (const group of groups) checkGroup(group, 'netlink: option groups: group');
  if (sender !== 'kernel' && sender !== 'any') throw new TypeError(`netlink: option sender must be 'kernel' or 'any'`);
  checkNamespace(options.netns);
  if (filter !== undefined) checkSocketFilter(filter);
  if (transport !== undefined) checkTransport(transport);
  return {
    protocol: checkInteger('netlink: protocol', options.protocol, 0, 0xffff),
    groups,
    netns: options.netns,
    portId: checkInteger('netlink: portId', portId, 0, 0xffff_ffff),
    receiveBufferSize: checkSize('receiveBufferSize', options.receiveBufferSize),
    sendBufferSize: checkSize('sendBufferSize', options.sendBufferSize),
    datagramSize: checkInteger('netlink: datagramSize', datagramSize, 1, LARGEST_DATAGRAM_SIZE),
    sender,
    filter,
    ref,
    switches: new Map([
      ['packetInfo', true],
      ['extendedAck', extendedAck],
      ['cappedAck', cappedAck],
      ['strictCheck', strictCheck],
    ]),
    optional: new Set((['extendedAck', 'cappedAck', 'strictCheck'] as const).filter((name) => options[name] !== true)),
  };
}

/** @internal */
export function checkGroup(group: unknown, name = 'netlink: group'): number {
  return checkInteger(name, group, 1, 0xffff_ffff);
}

/** @internal */
export function checkBufferSize(name: string, bytes: number): number {
  return checkInteger(`netlink: ${name}`, bytes, 1, 0x7fff_ffff);
}

function checkSize(name: string, bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : checkBufferSize(name, bytes);
}

function checkNamespace(netns: NetworkNamespace | undefined): void {
  if (netns === undefined || (typeof netns === 'string' && netns !== '')) return;
  if (typeof netns === 'object' && netns !== null) {
    const { pid, fd } = netns as { readonly pid?: unknown; readonly fd?: unknown };
    if (pid !== undefined && fd === undefined) return void checkInteger('netlink: netns.pid', pid, 1, 0x7fff_ffff);
    if (fd !== undefined && pid === undefined) return void checkInteger('netlink: netns.fd', fd, 0, 0x7fff_ffff);
  }
  throw new TypeError('netlink: option netns must be a name under /run/netns, a path, { pid } or { fd }');
}

/** @throws TypeError, RangeError if it is neither a program nor what {@link bpf} makes. @internal */
export function checkSocketFilter(filter: SocketFilter): void {
  if (typeof filter === 'object' && (filter as unknown) !== null && 'conditions' in filter) checkMessageFilter(filter);
  else checkFilter(filter as FilterProgram);
}

function checkTransport(transport: unknown): void {
  const { open, defer } = (transport ?? {}) as { readonly open?: unknown; readonly defer?: unknown };
  if (typeof open !== 'function' || typeof defer !== 'function') {
    throw new TypeError(`netlink: option transport must have open() and defer(), as a fake kernel does`);
  }
}

const SWITCHES: ReadonlySet<string> = new Set<SocketOption>([
  'packetInfo',
  'broadcastError',
  'noEnobufs',
  'listenAllNsid',
  'cappedAck',
  'extendedAck',
  'strictCheck',
]);

/** @throws TypeError if there is no such switch. @internal */
export function checkSwitch(option: SocketOption): void {
  if (!SWITCHES.has(option)) throw new TypeError(`netlink: no option '${option}'; there are ${[...SWITCHES].join(', ')}`);
}
