import { addressText, linkAddressText, parseIp, parseLinkAddress } from '../../../wire/index.js';
import { FieldError } from '../../common/field-error.js';
import { protocolName, protocolNumber, type PacketProtocol } from '../protocols.js';
import { checkNetwork, impliedTransport, networkOf, type Match } from './match-check.js';
import { FIELD_ENTRIES, fieldOf, type FlowerKey } from './match-fields.js';
import { bytesOf, integerOf, masked, type Bits } from './match-value.js';

type Attributes = Readonly<Record<string, unknown>>;

/** Translates the match of a filter into the attributes of flower. @throws FieldError if flower cannot compare a field. @internal */
export function flowerAttributes(fields: Match, protocol: PacketProtocol): Attributes {
  checkNetwork(fields, protocol);
  const attributes: Record<string, unknown> = {};
  // As tc does: without it, the kernel reads no header of the protocol.
  if (protocol !== 'all') attributes['keyEthType'] = protocolNumber(protocol);
  const transport = impliedTransport(fields);
  if (transport !== undefined) attributes['keyIpProto'] = transport;
  for (const [word, given] of Object.entries(fields)) {
    const field = fieldOf(word)!;
    const { flower } = field;
    if (flower === undefined) throw new FieldError(`match['${word}']`, 'kind flower cannot compare it; use kind u32');
    const range = typeof given === 'string' && flower.range !== undefined ? /^(\d+)-(\d+)$/.exec(given) : null;
    if (range !== null && flower.range !== undefined) {
      const [least, most] = flower.range;
      Object.assign(attributes, { [least]: Number(range[1]), [most]: Number(range[2]) });
      continue;
    }
    const { value, mask } = field.value.toBits(given);
    attributes[flower.key] = attributeOf(value, flower);
    if (flower.mask !== undefined) attributes[flower.mask] = attributeOf(mask, flower);
    else if (mask.some((part, index) => part !== field.value.full[index]))
      throw new FieldError(`match['${word}']`, 'the kernel compares all bits of it; write it without a mask');
  }
  return attributes;
}

/** Translates attributes of flower into a match; `rest` has those that no word means. @internal */
export function flowerMatch(attributes: Attributes, protocol: PacketProtocol): { readonly match: Match; readonly rest: Attributes } {
  const rest: Record<string, unknown> = { ...attributes };
  const found: Record<string, string | number> = {};
  // Behind VLAN tags, the kernel reports the innermost protocol here.
  const innermost = rest['keyCvlanEthType'] ?? rest['keyVlanEthType'] ?? protocolNumber(protocol);
  if (rest['keyEthType'] === innermost) delete rest['keyEthType'];
  const network = networkOf(outerTypes(rest), protocol);
  const transport = rest['keyIpProto'];
  for (const [word, field] of FIELD_ENTRIES) {
    const { flower } = field;
    if (flower === undefined || (field.network !== undefined && field.network !== network)) continue;
    if (flower.range !== undefined && transport === field.transport) takeRange(word, flower.range);
    const key = rest[flower.key];
    if (key === undefined) continue;
    const value = bytesIn(key, flower, field.value.size);
    const given = flower.mask === undefined ? undefined : rest[flower.mask];
    const bits: Bits = { value, mask: given === undefined ? field.value.full : bytesIn(given, flower, field.value.size) };
    const read = field.value.fromBits(masked(bits));
    if (read === undefined) continue;
    found[word] = read;
    delete rest[flower.key];
    if (flower.mask !== undefined) delete rest[flower.mask];
  }
  if (impliedTransport(found) !== undefined) for (const word of ['ip.protocol', 'ip6.nexthdr']) delete found[word];
  return { match: found, rest };

  function takeRange(word: string, [least, most]: readonly [string, string]): void {
    if (rest[least] === undefined || rest[most] === undefined) return;
    found[word] = `${rest[least] as number}-${rest[most] as number}`;
    delete rest[least];
    delete rest[most];
  }
}

/**
 * Returns true if two matches compare the same bits. The kernel keeps the filters of one mask together, and moves none of them
 * (EINVAL).
 *
 * @internal
 */
export function sameMask(from: Match, to: Match, protocol: PacketProtocol): boolean {
  const [one, other] = [maskOf(flowerAttributes(from, protocol)), maskOf(flowerAttributes(to, protocol))];
  return one === other;
}

/** Returns the compared bits as text: the attributes, and the values of those that are masks. */
function maskOf(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => (name.endsWith('Mask') ? `${name} ${String(value)}` : name))
    .sort()
    .join();
}

/** Returns the protocols behind VLAN tags, as a match has them. */
function outerTypes(attributes: Attributes): Match {
  const types = { 'eth.type': 'keyEthType', 'vlan.type': 'keyVlanEthType', 'cvlan.type': 'keyCvlanEthType' };
  return Object.fromEntries(
    Object.entries(types).flatMap(([word, key]) => (typeof attributes[key] === 'number' ? [[word, protocolName(attributes[key])]] : [])),
  );
}

function attributeOf(bytes: Uint8Array, { form }: FlowerKey): string | number {
  if (form === 'ip') return addressText(bytes);
  return form === 'mac' ? linkAddressText(bytes) : integerOf(bytes);
}

function bytesIn(attribute: unknown, { form }: FlowerKey, size: number): Uint8Array {
  if (form === 'ip') return parseIp(attribute as string);
  return form === 'mac' ? parseLinkAddress(attribute as string) : bytesOf(attribute as number, size);
}
