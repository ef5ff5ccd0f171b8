import { checkBoolean, checkInteger, checkOptionNames, kindOf } from '../check/index.js';
import { checkSocketFilter, type SocketFilter } from './filter/socket-filter.js';
import type { NetworkNamespace, SocketOption, Transport } from './transport/transport.js';

/** The options of a socket. Only `protocol` is required; defaults suit requests, dumps and events alike. @public */
export interface NetlinkSocketOptions {
  /** The netlink protocol, e.g. `Protocol.Route`. */
  readonly protocol: number;
  /** Multicast groups by number, not the bit mask of `bind(2)`; the socket joins them at every opening. */
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
   * Lets the kernel explain its errors (`NETLINK_EXT_ACK`).
   * @defaultValue true
   */
  readonly extendedAck?: boolean;
  /**
   * Stops the kernel from echoing the request in an ack (`NETLINK_CAP_ACK`); the library keeps the request.
   * @defaultValue true
   */
  readonly cappedAck?: boolean;
  /**
   * Makes the kernel validate GET requests and filter dumps (`NETLINK_GET_STRICT_CHK`).
   * @defaultValue true if the kernel has it; an explicit true fails to open if the kernel does not have it
   */
  readonly strictCheck?: boolean;
  /**
   * Kernel receive queue (`SO_RCVBUF`) in bytes. Raise it when {@link OverrunError} appears. It does not limit one
   * datagram; `datagramSize` does.
   * @defaultValue the system default
   */
  readonly receiveBufferSize?: number;
  /**
   * Kernel send buffer (`SO_SNDBUF`) in bytes; a datagram may use all of it except 32 bytes.
   * @defaultValue the system default
   */
  readonly sendBufferSize?: number;
  /**
   * Largest datagram to accept, in bytes. The library reserves address space for it, not memory.
   * @defaultValue 1 MiB
   */
  readonly datagramSize?: number;
  /**
   * The senders whose datagrams the socket accepts. A process that can send to the socket can forge messages; use `'any'` only
   * for `Protocol.UserSock`.
   * @defaultValue `'kernel'`
   */
  readonly sender?: 'kernel' | 'any';
  /** Classic BPF program to attach at every opening; see {@link bpf}. */
  readonly filter?: SocketFilter;
  /**
   * Lets the open socket keep the process alive.
   * @defaultValue true
   */
  readonly ref?: boolean;
  /**
   * The layer below the socket; a fake kernel in tests.
   * @defaultValue the kernel
   */
  readonly transport?: Transport;
}

/** The checked options, with all defaults filled in. @internal */
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
  /** Switches to set when the socket opens; the kernel may lack those in `optional`. */
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

const NO_GROUPS: readonly number[] = [];

type AckSwitch = (typeof ACK_SWITCHES)[number];

const ACK_SWITCHES = ['extendedAck', 'cappedAck', 'strictCheck'] as const;

/** The switches of a socket without options, which all such sockets share. */
const DEFAULT_SWITCHES = switchesOf({ extendedAck: true, cappedAck: true, strictCheck: true }, () => true);

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
    throw new TypeError(`netlink: options must be an object with a protocol, e.g. { protocol: Protocol.Route }, not ${kindOf(options)}`);
  }
  checkOptionNames('netlink', options, KNOWN);
  const { extendedAck = true, cappedAck = true, strictCheck = true, sender = 'kernel', ref = true } = options;
  const { groups = NO_GROUPS, portId = 0, datagramSize = DEFAULT_DATAGRAM_SIZE, transport, filter } = options;
  for (const [name, value] of Object.entries({ extendedAck, cappedAck, strictCheck, ref })) checkBoolean(`netlink: option ${name}`, value);
  if (!Array.isArray(groups)) throw new TypeError('netlink: option groups must be an array of group numbers');
  for (const group of groups) checkGroup(group, 'netlink: option groups: group');
  if (sender !== 'kernel' && sender !== 'any') throw new TypeError(`netlink: option sender must be 'kernel' or 'any'`);
  checkNamespace(options.netns);
  if (filter !== undefined) checkSocketFilter(filter);
  if (transport !== undefined) checkTransport(transport);
  const { switches, optional } = ACK_SWITCHES.every((name) => options[name] === undefined)
    ? DEFAULT_SWITCHES
    : switchesOf({ extendedAck, cappedAck, strictCheck }, (name) => options[name] !== true);
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
    switches,
    optional,
  };
}

function switchesOf(
  on: Record<AckSwitch, boolean>,
  isOptional: (name: AckSwitch) => boolean,
): Pick<SocketSettings, 'switches' | 'optional'> {
  return {
    switches: new Map<SocketOption, boolean>([['packetInfo', true], ...ACK_SWITCHES.map((name) => [name, on[name]] as const)]),
    optional: new Set(ACK_SWITCHES.filter(isOptional)),
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

function checkTransport(transport: unknown): void {
  const { open, defer } = (transport ?? {}) as { readonly open?: unknown; readonly defer?: unknown };
  if (typeof open !== 'function' || typeof defer !== 'function') {
    throw new TypeError('netlink: option transport must be a Transport with open() and defer(), e.g. fakeKernel(handler)');
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

/** @throws TypeError if the kernel has no switch of that name. @internal */
export function checkSwitch(option: SocketOption): void {
  if (!SWITCHES.has(option)) throw new TypeError(`netlink: unknown option '${option}'; expected one of ${[...SWITCHES].join(', ')}`);
}
