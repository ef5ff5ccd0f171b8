import { omitUndefined } from '../../check/index.js';
import type { AddressSchema, BareAddress, ValueSchema } from '../../schema/index.js';
import { camelCase } from '../names.js';
import type { SpecNode } from './spec-node.js';

/** The size of `xfrm_address_t`. */
const FAMILY_ADDRESS_SIZE = 16 as const;

const BARE: readonly BareAddress[] = ['full', 'unset', 'ipv4-unset'];

/** Reads the declaration of an address in an overlay; fields have the kernel's names. @internal */
export function readAddress(node: SpecNode): Pick<ValueSchema, 'address'> {
  const entry = node.find('address');
  if (entry === undefined) return {};
  entry.allowKeys('family', 'prefix', 'bare', 'other', 'any-width', 'ipv6-kinds');
  const [family, ...elsewhere] = readFamilies(entry);
  const isWide = node.textOf('type') === 'binary' && node.find('len')?.value === FAMILY_ADDRESS_SIZE && !node.has('display-hint');
  if (isWide && family === undefined) entry.fail("an address of 16 bytes needs 'family'");
  if (!isWide && elsewhere.length > 0) entry.get('family').fail('only an address of 16 bytes can have several fields');
  const prefix = entry.findText('prefix');
  const other = entry.findText('other');
  const address: AddressSchema = {
    ...omitUndefined({ family: family?.[0], prefix: prefix && camelCase(prefix) }),
    ...omitUndefined({ width: isWide ? FAMILY_ADDRESS_SIZE : undefined, elsewhere: elsewhere.length > 0 ? elsewhere : undefined }),
    ...readBare(entry),
    ...omitUndefined({
      other: other && camelCase(other),
      anyWidth: entry.flag('any-width'),
      ipv6Kinds: entry.has('ipv6-kinds') ? entry.list('ipv6-kinds').map((kind) => kind.text()) : undefined,
    }),
  };
  return { address };
}

/** Reads the field of the family; for an address of 16 bytes also the paths of others: `sel.family`. */
function readFamilies(entry: SpecNode): string[][] {
  const family = entry.find('family');
  if (family === undefined) return [];
  const names = Array.isArray(family.value) ? family.items() : [family];
  const paths = names.map((name) => name.text().split('.').map(camelCase));
  if ((paths[0]?.length ?? 0) !== 1) family.fail('the first field must be one name');
  return paths;
}

function readBare(entry: SpecNode): Pick<AddressSchema, 'bare'> {
  const bare = entry.find('bare');
  if (bare === undefined) return {};
  const operations = Object.keys(bare.value as object);
  return { bare: Object.fromEntries(operations.map((operation) => [operation, bare.choice(operation, BARE)])) };
}
