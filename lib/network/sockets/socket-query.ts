import { SocketStates, socketFilter, type SocketExpression } from '../../families/sock_diag.js';
import { FieldError } from '../common/field-error.js';
import { network } from '../fields/address-checks.js';
import { choice, integer, ipVersion, linkName, list, ports, shown, text, uint32, word, type Check } from '../fields/check.js';
import { normalise, type Shape } from '../fields/shape.js';
import type { RulePorts } from '../rules/rule.js';
import type { SocketProtocol, SocketState } from './socket-entry.js';

/** The protocols whose sockets have IP addresses. @internal */
export const INET: readonly SocketProtocol[] = ['tcp', 'udp', 'udplite', 'raw', 'mptcp'];

const PORTS: readonly SocketProtocol[] = ['tcp', 'udp', 'udplite', 'mptcp', 'vsock'];

/** All protocols. @internal */
export const PROTOCOLS: readonly SocketProtocol[] = [...INET, 'unix', 'netlink', 'packet', 'vsock', 'xdp'];

const STATES: Readonly<Record<Exclude<SocketState, number>, number>> = {
  established: SocketStates.Established,
  'syn-sent': SocketStates.SynSent,
  'syn-recv': SocketStates.SynRecv | SocketStates.NewSynRecv,
  'fin-wait1': SocketStates.FinWait1,
  'fin-wait2': SocketStates.FinWait2,
  'time-wait': SocketStates.TimeWait,
  close: SocketStates.Close,
  'close-wait': SocketStates.CloseWait,
  'last-ack': SocketStates.LastAck,
  listen: SocketStates.Listen,
  closing: SocketStates.Closing,
  'bound-inactive': SocketStates.BoundInactive,
};

/** One end, as a filter wants it. @internal */
export interface WantedEnd {
  /** A network, `10.0.0.1/32`, or the name of a Unix socket. */
  readonly address?: string;
  readonly port?: RulePorts;
}

/** A checked filter. @internal */
export interface SocketQuery {
  readonly protocols: readonly SocketProtocol[];
  /** True if the filter names protocols, so that a kernel without one is an error. */
  readonly isExplicit: boolean;
  readonly family?: 4 | 6;
  readonly state?: readonly SocketState[];
  readonly local?: WantedEnd;
  readonly remote?: WantedEnd | null;
  readonly link?: string | null;
  readonly mark?: number;
  readonly cgroup?: bigint;
  readonly uid?: number;
  readonly inode?: number | null;
  readonly cookie?: bigint;
}

const orList =
  (check: Check): Check =>
  (value, path) =>
    Array.isArray(value) ? list(check)(value, path) : [check(value, path)];

const END: Shape = { fields: { address: text(4096), port: ports } };

const end: Check = (value, path) => normalise(END, typeof value === 'string' ? { address: value } : value, path);

const bigint: Check<bigint> = (value, path) => {
  if (typeof value === 'bigint' && value >= 0n && value <= 0xffff_ffff_ffff_ffffn) return value;
  throw new FieldError(path, `expected a bigint of 64 bits, not ${shown(value)}`);
};

const stateWord = word(Object.keys(STATES) as (keyof typeof STATES)[]);

/** Accepts a state by its name or its number: TCP_ESTABLISHED to TCP_BOUND_INACTIVE (net/tcp_states.h). */
const socketState: Check = (value, path) => (typeof value === 'number' ? integer(1, 13)(value, path) : stateWord(value, path));

const SHAPE: Shape = {
  fields: {
    protocol: orList(choice(PROTOCOLS)),
    family: ipVersion,
    state: orList(socketState),
    port: ports,
    local: end,
    remote: end,
    link: linkName(127),
    mark: uint32,
    cgroup: bigint,
    uid: uint32,
    inode: uint32,
  },
  nullable: ['remote', 'link', 'inode'],
};

/** The protocols that have a property. */
const OWNERS: Readonly<Record<string, readonly SocketProtocol[]>> = {
  family: INET,
  mark: INET,
  cgroup: INET,
  link: [...INET, 'packet', 'xdp'],
  uid: [...INET, 'unix', 'packet', 'xdp'],
};

/** Checks a filter. @throws FieldError @internal */
export function socketQuery(filter: object): SocketQuery {
  const { protocol, port, local, ...rest } = normalise(SHAPE, filter) as Omit<SocketQuery, 'protocols' | 'isExplicit'> & {
    readonly protocol?: readonly SocketProtocol[];
    readonly port?: RulePorts;
  };
  if (port !== undefined && local?.port !== undefined) throw new FieldError('port', 'local has a port already; omit one of them');
  const own = port === undefined ? local : { ...local, port };
  const [here, there] = [readEnd(own, 'local', protocol), readEnd(rest.remote ?? undefined, 'remote', protocol)];
  checkFamily(rest.family, { local: here?.end, remote: there?.end });
  const query = {
    ...rest,
    ...(here !== undefined && { local: here.end }),
    ...(there !== undefined && { remote: there.end }),
  };
  const limits = [here?.limit, there?.limit, ...Object.keys(rest).map((name) => limitOf(name, rest))].filter(
    (limit) => limit !== undefined,
  );
  const protocols = (protocol ?? PROTOCOLS).filter((name) => limits.every(({ of }) => of.includes(name)));
  if (protocol !== undefined && protocol.length > 0 && protocols.length === 0) {
    const { path } = limits.find(({ of }) => !protocol.some((name) => of.includes(name))) ?? limits[0]!;
    throw new FieldError(path, `sockets of protocol ${protocol.map((name) => `'${name}'`).join(', ')} do not have it`);
  }
  return { ...query, protocols, isExplicit: protocol !== undefined };
}

/** The protocols whose sockets may match a property. */
interface Limit {
  readonly path: string;
  readonly of: readonly SocketProtocol[];
}

function limitOf(name: string, filter: Readonly<Record<string, unknown>>): Limit | undefined {
  const of = OWNERS[name];
  return of === undefined || filter[name] === null ? undefined : { path: name, of };
}

/** IPv6 sockets have IPv4 addresses too, as mapped ones. @throws FieldError if IPv4 sockets are to have an IPv6 address. */
function checkFamily(family: 4 | 6 | undefined, ends: Readonly<Record<string, WantedEnd | undefined>>): void {
  if (family !== 4) return;
  for (const [path, wanted] of Object.entries(ends))
    if (wanted?.address?.includes(':') === true)
      throw new FieldError(path, `IPv4 sockets (family: 4) have no address in ${wanted.address}; omit family, or write an IPv4 address`);
}

/** Checks one end: an address or a network, or the name of a Unix socket. */
function readEnd(
  wanted: WantedEnd | undefined,
  path: string,
  protocol: readonly SocketProtocol[] | undefined,
): { readonly end: WantedEnd; readonly limit: Limit } | undefined {
  if (wanted === undefined) return undefined;
  const { address, port } = wanted;
  const having = port === undefined ? PROTOCOLS : PORTS;
  if (address === undefined) return { end: wanted, limit: { path: port === undefined ? path : 'port', of: having } };
  const isName = protocol === undefined ? /^[/@]/.test(address) : protocol.includes('unix') && !isAddress(address);
  if (isName) return { end: wanted, limit: { path: 'port', of: having.filter((name) => name === 'unix') } };
  refusePort(address, path);
  const end = { ...wanted, address: network(address, path) };
  return { end, limit: { path, of: INET.filter((name) => having.includes(name)) } };
}

/** An end as `ss` prints it: `10.0.0.1:80`, `[::1]:80`, `*:80`, `:80`. */
const WITH_PORT = /^(?:\[([\da-fA-F:.]+)\]|([\d.]+|\*)?):(\d{1,5})$/;

/** Returns the filter of an end as `ss` prints it; undefined if the text has another form. @internal */
export function endOfText(text: string): { readonly address?: string; readonly port: number } | undefined {
  const [, bracketed, plain, port] = WITH_PORT.exec(text) ?? [];
  if (port === undefined) return undefined;
  const address = bracketed ?? plain ?? '*';
  return { ...(address !== '*' && { address }), port: Number(port) };
}

/** @throws FieldError if an address contains a port. */
function refusePort(text: string, path: string): void {
  const end = endOfText(text);
  if (end === undefined) return;
  const parts = [...(end.address === undefined ? [] : [`address: '${end.address}'`]), `port: ${end.port}`];
  throw new FieldError(path, `'${text}' is an address with a port; write { ${parts.join(', ')} }`);
}

function isAddress(text: string): boolean {
  try {
    return network(text, '') !== '';
  } catch (error) {
    // A network with host bits is an address too, and not a valid one.
    return (error as FieldError).message.includes('host bits');
  }
}

/** Returns the states as flags for the kernel; undefined for all. @internal */
export function stateFlags({ state }: SocketQuery): number | undefined {
  return state?.reduce<number>((flags, each) => flags | (typeof each === 'number' ? 1 << each : STATES[each]), 0);
}

/**
 * Returns the filter that the kernel runs; undefined if it has no condition that the kernel can test.
 *
 * @param link - The index of the link in the filter.
 * @internal
 */
export function bytecodeOf({ local, remote, link, mark, cgroup }: SocketQuery, index: number | undefined): Uint8Array | undefined {
  const expression: { -readonly [K in keyof SocketExpression]: SocketExpression[K] } = {};
  if (local?.port !== undefined) expression.sport = portRange(local.port);
  if (remote?.port !== undefined) expression.dport = portRange(remote.port);
  if (local?.address !== undefined) expression.src = local.address;
  if (remote?.address !== undefined) expression.dst = remote.address;
  if (link === null) expression.dev = 0;
  else if (index !== undefined) expression.dev = index;
  if (mark !== undefined) expression.mark = mark;
  if (cgroup !== undefined) expression.cgroup = cgroup;
  return Object.keys(expression).length === 0 ? undefined : socketFilter(expression);
}

function portRange(port: RulePorts): number | { readonly min: number; readonly max: number } {
  return typeof port === 'number' ? port : { min: port[0], max: port[1] };
}
