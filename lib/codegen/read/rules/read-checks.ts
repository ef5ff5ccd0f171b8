import { omitUndefined } from '../../../check/index.js';
import type { CheckSchema } from '../../../schema/index.js';
import type { Definitions } from '../definitions.js';
import type { SpecNode } from '../spec-node.js';

/** The named limits that every specification may use. */
const LIMITS: Readonly<Record<string, number | bigint>> = {
  'u8-min': 0,
  'u8-max': 0xff,
  's8-min': -0x80,
  's8-max': 0x7f,
  'u16-min': 0,
  'u16-max': 0xffff,
  's16-min': -0x8000,
  's16-max': 0x7fff,
  'u32-min': 0,
  'u32-max': 0xffffffff,
  's32-min': -0x80000000,
  's32-max': 0x7fffffff,
  'u64-min': 0,
  'u64-max': 0xffffffffffffffffn,
  's64-min': -0x8000000000000000n,
  's64-max': 0x7fffffffffffffffn,
};

/** The most bytes of an attribute's payload. */
const MAX_LENGTH = 65531;

/** Reads `checks` of an attribute; named limits become numbers. @internal */
export function readChecks(attribute: SpecNode, definitions: Definitions): { readonly checks?: CheckSchema } {
  const node = attribute.find('checks');
  if (node === undefined) return {};
  node.allowKeys('min', 'max', 'min-len', 'max-len', 'exact-len', 'lengths', 'flags-mask', 'unterminated-ok');
  const [min, max] = [readLimit(node, 'min', definitions), readLimit(node, 'max', definitions)];
  const [minLength, maxLength] = [readLength(node, 'min-len', definitions), readLength(node, 'max-len', definitions)];
  const exactLength = readLength(node, 'exact-len', definitions);
  const lengths = node
    .find('lengths')
    ?.items()
    .map((length) => length.integer(0, MAX_LENGTH));
  const flagsMask = readFlagsMask(node, definitions);
  const checks: CheckSchema = {
    ...omitUndefined({ min, max, minLength, maxLength, exactLength, lengths, flagsMask, unterminatedOk: node.flag('unterminated-ok') }),
  };
  return { checks };
}

function readLimit(node: SpecNode, key: string, { constants }: Definitions): number | bigint | undefined {
  const limit = node.find(key);
  if (limit === undefined) return undefined;
  if (typeof limit.value !== 'string') return limit.integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const value = constants.get(limit.value) ?? (Object.hasOwn(LIMITS, limit.value) ? LIMITS[limit.value] : undefined);
  return typeof value === 'number' || typeof value === 'bigint' ? value : limit.fail(`no number '${limit.value}' is defined`);
}

function readLength(node: SpecNode, key: string, definitions: Definitions): number | undefined {
  const length = readLimit(node, key, definitions);
  if (length === undefined) return undefined;
  return length >= 0 && length <= MAX_LENGTH ? Number(length) : node.get(key).fail('the length is out of range; expected 0 to 65531');
}

/** Returns the bits that a definition of flags names. */
function readFlagsMask(node: SpecNode, { enums }: Definitions): number | bigint | undefined {
  const mask = node.find('flags-mask');
  if (mask === undefined) return undefined;
  if (typeof mask.value === 'number') return mask.integer(0, Number.MAX_SAFE_INTEGER);
  const flags = enums.get(mask.text()) ?? mask.fail(`no flags '${mask.text()}' are defined`);
  if (flags.kind !== 'flags') mask.fail(`'${flags.name}' is not a definition of flags`);
  const bits = flags.entries.reduce((sum, [, value]) => sum | BigInt(value), 0n);
  return bits <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bits) : bits;
}
