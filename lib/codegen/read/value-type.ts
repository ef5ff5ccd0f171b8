import { omitUndefined } from '../../check/index.js';
import type { DisplayHint, EnumSchema, ValueSchema } from '../../schema/index.js';
import type { Definitions } from './definitions.js';
import type { SpecNode } from './spec-node.js';

/** The number of bytes of integers with a fixed width. @internal */
export const WIDTHS: Readonly<Record<string, number>> = { u8: 1, s8: 1, u16: 2, s16: 2, u32: 4, s32: 4, u64: 8, s64: 8 };

const HINTS: readonly DisplayHint[] = [
  'mac',
  'ipv4',
  'ipv6',
  'ipv4-or-v6',
  'netmask',
  'uuid',
  'hex',
  'fddi',
  'sockaddr_in-or-sockaddr_in6',
  'base64',
];

/** The types of integers, with and without a fixed width. @internal */
export const SCALARS = ['u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64', 'uint', 'sint'] as const;

/** Returns true for the types of {@link SCALARS}. @internal */
export function isScalar(type: string): type is (typeof SCALARS)[number] {
  return (SCALARS as readonly string[]).includes(type);
}

/** Reads the keys that attributes and members of structs share. @internal */
export function readCommon(node: SpecNode, definitions: Definitions): Omit<ValueSchema, 'type'> {
  const hint = node.has('display-hint') ? node.choice('display-hint', HINTS) : undefined;
  return {
    ...readByteOrder(node),
    ...readEnumeration(node, definitions),
    ...omitUndefined({ hint }),
  };
}

/** Reads `secret`, which overlays set for key material. A nest cannot be secret, only its attributes. @internal */
export function readSecret(node: SpecNode): Pick<ValueSchema, 'secret'> {
  if (!node.isTrue('secret')) return {};
  const type = node.textOf('type');
  const whole = type === 'binary' && !node.has('struct') && !node.has('sub-type');
  if (node.isTrue('multi-attr') && type !== 'binary') node.fail('only bytes can be secret and repeated');
  return whole || type === 'string' || isScalar(type) ? { secret: true } : node.fail(`a value of type '${type}' cannot be secret`);
}

function readByteOrder(node: SpecNode): Pick<ValueSchema, 'byteOrder'> {
  if (!node.has('byte-order')) return {};
  // Overlays set `host` for an attribute of a subset whose parent has another byte order.
  const order = node.choice('byte-order', ['big-endian', 'little-endian', 'host']);
  if (order === 'host') return {};
  return { byteOrder: order === 'big-endian' ? 'big' : 'little' };
}

/** Reads `enum`. A definition of flags holds bits, with or without `enum-as-flags`. */
function readEnumeration(node: SpecNode, { enums }: Definitions): Pick<ValueSchema, 'enum' | 'flags'> {
  const asFlags = node.isTrue('enum-as-flags');
  const reference = node.find('enum');
  if (reference === undefined) return asFlags ? node.fail("'enum-as-flags' needs 'enum'") : {};
  const name = reference.text();
  const definition: EnumSchema = enums.get(name) ?? reference.fail(`no enum or flags '${name}' is defined`);
  return asFlags || definition.kind === 'flags' ? { flags: name } : { enum: name };
}
