import { suggestion } from '../../../check/index.js';
import { FieldError } from '../../common/field-error.js';
import { shown, type Check } from '../../fields/check.js';
import type { Wanted } from '../../tables/table-model.js';
import { protocolNumber, type PacketProtocol } from '../protocols.js';
import { checkRawOffset, fieldOf, MATCH_FIELDS, type MatchField } from './match-fields.js';

/** A match with checked values, by word. @internal */
export type Match = Readonly<Record<string, string | number>>;

/** The words that name the protocol above IP. */
const TRANSPORT_WORDS = ['ip.protocol', 'ip6.nexthdr'] as const;

/** Checks the values of a match. @internal */
export const match: Check<Match> = (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FieldError(path, `expected an object of fields such as { 'ip.src': '10.0.0.0/8' }, not ${shown(value)}`);
  return Object.fromEntries(
    Object.entries(value).map(([word, given]) => {
      const place = `${path}['${word}']`;
      const field = fieldOf(word);
      if (field === undefined) throw new FieldError(place, `unknown field${suggestion(word, Object.keys(MATCH_FIELDS), '; ')}`);
      checkRawOffset(word, place);
      return [word, field.value.check(given, place)];
    }),
  );
};

/** Returns the only value of a property of the fields of a match. @throws FieldError if there are several. @internal */
function only<Name extends 'network' | 'transport'>(fields: Match, name: Name): MatchField[Name] | undefined {
  let first: { readonly word: string; readonly value: MatchField[Name] } | undefined;
  for (const word of Object.keys(fields)) {
    const value = fieldOf(word)?.[name];
    if (value === undefined || value === first?.value) continue;
    if (first !== undefined) throw new FieldError(`match['${word}']`, `excludes '${first.word}': no packet has both`);
    first = { word, value };
  }
  return first?.value;
}

/** Returns the number of the transport protocol that the fields of a match imply. @internal */
export function impliedTransport(fields: Match): number | undefined {
  const transport = only(fields, 'transport');
  return transport === 'any' ? undefined : transport;
}

/** Returns the word of the protocol above IP for a network protocol. @internal */
export function transportWord(network: PacketProtocol | undefined): (typeof TRANSPORT_WORDS)[number] {
  return network === 'ipv6' ? 'ip6.nexthdr' : 'ip.protocol';
}

/** Completes a filter: the protocols that the fields of its match imply. @throws FieldError if they contradict each other. @internal */
export function completeMatch(wanted: Wanted): Wanted {
  if (typeof wanted['match'] !== 'object' || wanted['match'] === null) return wanted;
  const fields = withoutImplied(wanted['match'] as Match);
  const network = only(fields, 'network');
  const has = (prefix: string): boolean => Object.keys(fields).some((word) => word.startsWith(prefix));
  if (has('cvlan.')) return withTypes(wanted, { 'vlan.type': '802.1q', ...inner('cvlan.type', network), ...fields });
  if (has('vlan.')) return withTypes(wanted, { ...inner('vlan.type', network), ...fields });
  if (network === undefined || wanted['protocol'] !== undefined) return { ...wanted, match: fields };
  return { ...wanted, protocol: fields['eth.type'] === undefined ? network : 'all', match: fields };
}

function inner(word: string, network: PacketProtocol | undefined): Match {
  return network === undefined ? {} : { [word]: network };
}

function withTypes(wanted: Wanted, fields: Match): Wanted {
  return { ...wanted, protocol: wanted['protocol'] ?? '802.1q', match: fields };
}

/** Ports of a protocol that has words of its own are read by these words. */
const PORT_PROTOCOLS: readonly (string | number)[] = ['tcp', 'udp', 'sctp'];

/** Removes the protocol above IP, if other fields imply it. */
function withoutImplied(fields: Match): Match {
  const transport = impliedTransport(fields);
  if (transport === undefined) {
    const protocol = fields['ip.protocol'] ?? fields['ip6.nexthdr'];
    const port = Object.keys(fields).find((word) => word.startsWith('th.'));
    if (port === undefined || protocol === undefined || !PORT_PROTOCOLS.includes(protocol)) return fields;
    throw new FieldError(`match['${port}']`, `write '${port.replace('th', String(protocol))}', which implies the protocol`);
  }
  const kept: Record<string, string | number> = { ...fields };
  for (const word of TRANSPORT_WORDS) {
    const value = kept[word];
    if (value === undefined) continue;
    const { value: bits, mask } = MATCH_FIELDS[word].value.toBits(value);
    if (mask[0] !== 0xff || bits[0] !== transport)
      throw new FieldError(`match['${word}']`, `'${value}' excludes another field, which implies protocol ${transport}`);
    delete kept[word];
  }
  return kept;
}

/** Returns the network protocol of the packets that a filter matches: the innermost that it names. @internal */
export function networkOf(fields: Match, protocol: PacketProtocol | undefined): PacketProtocol | undefined {
  const outer = protocol === undefined || protocol === 'all' ? (fields['eth.type'] ?? protocol) : protocol;
  const named = fields['cvlan.type'] ?? fields['vlan.type'] ?? outer;
  return named as PacketProtocol | undefined;
}

/** Checks that the protocols of a whole filter are those that its fields need. @throws FieldError @internal */
export function checkNetwork(fields: Match, protocol: PacketProtocol): void {
  const network = networkOf(fields, protocol);
  for (const word of Object.keys(fields)) {
    const field = fieldOf(word);
    if (field?.network !== undefined && (network === undefined || protocolNumber(network) !== protocolNumber(field.network)))
      throw new FieldError('protocol', `'${word}' needs protocol '${field.network}', not '${String(network)}'`);
    if (field?.transport !== undefined && network !== 'ip' && network !== 'ipv6')
      throw new FieldError('protocol', `'${word}' needs protocol 'ip' or 'ipv6', not '${String(network)}'`);
  }
}
