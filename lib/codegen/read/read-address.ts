import { omitUndefined } from '../../check/index.js';
import type { AddressSchema, BareAddress, ValueSchema } from '../../schema/index.js';
import { camelCase } from '../names.js';
import type { SpecNode } from './spec-node.js';

const BARE: readonly BareAddress[] = ['full', 'unset', 'ipv4-unset'];

/** Reads the declaration of an address in an overlay; fields have the kernel's names. @internal */
export function readAddress(node: SpecNode): Pick<ValueSchema, 'address'> {
  const entry = node.find('address');
  if (entry === undefined) return {};
  entry.allowKeys('family', 'prefix', 'bare', 'other', 'any-width', 'ipv6-kinds');
  const family = entry.findText('family');
  const prefix = entry.findText('prefix');
  const other = entry.findText('other');
  const address: AddressSchema = {
    ...omitUndefined({ family: family && camelCase(family), prefix: prefix && camelCase(prefix) }),
    ...readBare(entry),
    ...omitUndefined({ other: other && camelCase(other) }),
    ...(entry.isTrue('any-width') ? { anyWidth: true } : {}),
    ...(entry.has('ipv6-kinds') ? { ipv6Kinds: entry.list('ipv6-kinds').map((kind) => kind.text()) } : {}),
  };
  return { address };
}

function readBare(entry: SpecNode): Pick<AddressSchema, 'bare'> {
  const bare = entry.find('bare');
  if (bare === undefined) return {};
  const operations = Object.keys(bare.value as object);
  return { bare: Object.fromEntries(operations.map((operation) => [operation, bare.choice(operation, BARE)])) };
}
