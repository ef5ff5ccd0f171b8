import { FieldError } from '../../../common/field-error.js';
import { ETHER_TYPES, IP_PROTOCOLS } from '../../data/protocol-names.js';
import { dataType } from '../../data/data-types.js';
import type { Part } from '../fields/part.js';
import { MESSAGE_TYPES } from '../fields/message-types.js';
import { fieldPart } from '../fields/select-part.js';
import { TUNNELS } from '../fields/parts/tunnel-part.js';
import { compileSet } from './anonymous-set.js';
import type { KnownProtocols, ProtocolProgram, RuleProgram } from './program.js';

/** Protocols of the transport layer, and the version of IP that some of them need. */
const TRANSPORTS: Readonly<Record<string, { readonly number: number; readonly network?: 'ip' | 'ip6' }>> = {
  tcp: { number: IP_PROTOCOLS['tcp']! },
  udp: { number: IP_PROTOCOLS['udp']! },
  udplite: { number: IP_PROTOCOLS['udplite']! },
  sctp: { number: IP_PROTOCOLS['sctp']! },
  dccp: { number: IP_PROTOCOLS['dccp']! },
  gre: { number: IP_PROTOCOLS['gre']! },
  esp: { number: IP_PROTOCOLS['esp']! },
  ah: { number: IP_PROTOCOLS['ah']! },
  comp: { number: IP_PROTOCOLS['ipcomp']! },
  icmp: { number: IP_PROTOCOLS['icmp']!, network: 'ip' },
  icmpv6: { number: IP_PROTOCOLS['icmpv6']!, network: 'ip6' },
  igmp: { number: IP_PROTOCOLS['igmp']!, network: 'ip' },
};

const NETWORKS = ['ip', 'ip6', 'arp'] as const;
type NetworkProtocol = (typeof NETWORKS)[number];

/** Numbers of the protocols in `meta.nfproto` (`NFPROTO_*`). */
const NF_PROTOCOLS: Readonly<Record<string, number>> = { ip: 2, ip6: 10 };

/** Adds the conditions that a part needs: the protocol of its header. @throws FieldError if they contradict the conditions before. @internal */
export function requireProtocol(program: RuleProgram, { name, protocol, tunnel, input = [] }: Part, path: string): void {
  for (const part of input) requireProtocol(program, part, path);
  if (protocol === undefined || protocol === 'th') return;
  if (tunnel === undefined) {
    requireHeader(program, protocol, path);
    requireMessage(program, name);
    return;
  }
  requireTransport(program, TUNNELS[tunnel].carrier, path);
  if (protocol !== tunnel) requireHeader(program.inTunnel(tunnel), protocol, path);
}

/** Adds the condition that a message of ICMP has a field. */
function requireMessage(program: RuleProgram, name: string): void {
  const types = MESSAGE_TYPES[name];
  if (types === undefined || program.known.hasMessageType === true) return;
  const part = fieldPart(`${name.slice(0, name.indexOf('.'))}.type`, '');
  if (types.length === 1) emitPart(program, part.name, part.type.parse(types[0], ''));
  else {
    const { isInterval: _, ...named } = compileSet(program, [part], types, '');
    program.emit(part.load(1), { name: 'lookup', data: { ...named, sreg: 1 } });
  }
  program.known.hasMessageType = true;
}

function requireHeader(program: ProtocolProgram, protocol: string, path: string): void {
  if (protocol === 'ether' || protocol === 'vlan') requireLink(program, protocol);
  else if ((NETWORKS as readonly string[]).includes(protocol)) requireNetwork(program, protocol as NetworkProtocol, path);
  else requireTransport(program, protocol, path);
}

/** Adds the condition that packets have a protocol of the network layer. @internal */
export function requireNetwork(program: ProtocolProgram, protocol: NetworkProtocol, path: string, forTransport = false): void {
  const { known } = program;
  const { family } = program.context;
  if (known.network === protocol) return;
  if (known.network !== undefined) throw contradiction(path, protocol, known.network);
  if (family === 'inet' && protocol === 'arp' && known.link === undefined) throw contradiction(path, protocol, 'inet');
  const etherType = Buffer.from([ETHER_TYPES[protocol]! >> 8, ETHER_TYPES[protocol]! & 0xff]);
  if (known.link === 'vlan') emitPart(program, 'vlan.type', etherType);
  else if (family === 'bridge' && known.link !== undefined && (protocol === 'arp' || forTransport))
    emitPart(program, 'ether.type', etherType);
  else if (family === 'inet' && known.link === undefined) emitPart(program, 'meta.nfproto', Buffer.from([NF_PROTOCOLS[protocol]!]));
  else if (family === 'inet' || (family === 'netdev' && known.link !== undefined)) emitPart(program, 'ether.type', etherType);
  else emitPart(program, 'meta.protocol', etherType);
  known.network = protocol;
}

/** Adds the condition that packets have a protocol of the transport layer. @internal */
export function requireTransport(program: ProtocolProgram, protocol: string, path: string): void {
  const { number, network } = TRANSPORTS[protocol]!;
  const { known } = program;
  if (known.transport === number) return;
  if (known.transport !== undefined) throw contradiction(path, protocol, transportName(known.transport));
  const { family } = program.context;
  if (network !== undefined && family !== 'ip' && family !== 'ip6') requireNetwork(program, network, path, true);
  emitPart(program, 'meta.l4proto', Buffer.from([number]));
  known.transport = number;
}

function requireLink(program: ProtocolProgram, protocol: 'ether' | 'vlan'): void {
  const { known } = program;
  if (known.link === undefined) {
    emitPart(program, 'meta.iiftype', dataType('iface_type').parse('ether', ''));
    known.link = 'ether';
  }
  if (protocol !== 'vlan' || known.link === 'vlan') return;
  emitPart(program, 'ether.type', Buffer.from([0x81, 0x00]));
  known.link = 'vlan';
}

/** Adds a condition that the caller did not write. */
function emitPart(program: ProtocolProgram, name: string, value: Buffer): void {
  const part = fieldPart(name, '');
  if (part.header === undefined) program.emit(part.load(1), { name: 'cmp', data: { sreg: 1, op: 'eq', data: { value } } });
  else program.emitEqual(part.header, value);
}

/** Notes the protocol that a condition of the caller ensures. @internal */
export function learnProtocol(program: RuleProgram, { name, tunnel }: Part, value: Buffer): void {
  const {
    known,
    context: { family },
  } = tunnel === undefined ? program : program.inTunnel(tunnel);
  if (name === 'meta.nfproto')
    learnNetwork(
      known,
      Object.keys(NF_PROTOCOLS).find((protocol) => NF_PROTOCOLS[protocol] === value[0]),
    );
  else if (name === 'meta.l4proto' || name === 'ip.protocol' || name === 'ip6.nexthdr') known.transport = value[0]!;
  else if (name === 'meta.iiftype') {
    if (value.equals(dataType('iface_type').parse('ether', ''))) known.link ??= 'ether';
  } else if (name === 'ether.type' || name === 'vlan.type' || (name === 'meta.protocol' && family !== 'inet')) {
    const type = value.readUInt16BE();
    if (type === ETHER_TYPES['vlan'] && name === 'ether.type') known.link = 'vlan';
    learnNetwork(
      known,
      NETWORKS.find((protocol) => ETHER_TYPES[protocol] === type),
    );
  }
}

function learnNetwork(known: KnownProtocols, protocol: string | undefined): void {
  if (protocol !== undefined) known.network ??= protocol as NetworkProtocol;
}

/** The fields with the protocol of the transport layer. */
const TRANSPORT_FIELDS: readonly string[] = ['meta.l4proto', 'ip.protocol', 'ip6.nexthdr', 'ct.protocol'];

/** Notes that a condition of the caller leaves packets of single protocols, if its field is that of the transport layer. @internal */
export function learnTransports(program: RuleProgram, parts: readonly Part[]): void {
  const [part, second] = parts;
  if (second === undefined && part!.tunnel === undefined && TRANSPORT_FIELDS.includes(part!.name)) program.known.isOneTransport = true;
}

/** @throws FieldError unless a condition leaves packets of single protocols of the transport layer. @internal */
export function requireAnyTransport({ known }: RuleProgram, path: string): void {
  if (known.transport !== undefined || known.isOneTransport === true) return;
  throw new FieldError(
    path,
    "needs a condition before it on the protocol of the packets, such as { 'tcp.dport': 80 } or { 'meta.l4proto': ['tcp', 'udp'] }",
  );
}

/** Returns the protocol whose header has fields, by its number. @internal */
export function transportOf(number: number): string | undefined {
  return Object.keys(TRANSPORTS).find((name) => TRANSPORTS[name]!.number === number);
}

const transportName = (number: number): string => transportOf(number) ?? `protocol ${number}`;

function contradiction(path: string, protocol: string, other: string): FieldError {
  return new FieldError(
    path,
    `a packet of ${other} is not one of ${protocol}; the family of the table, or a condition before this one, requires ${other}`,
  );
}
