import { FieldError } from '../../../../common/field-error.js';
import { suggestion } from '../../../../../check/index.js';
import { shown } from '../../../../fields/check.js';
import { dataType } from '../../../data/data-types.js';
import type { DataType } from '../../../data/data-type.js';
import { integerType, plainInteger } from '../../../data/integers.js';
import { MPTCP_SUBTYPES } from '../../../data/value-names.js';
import type { Selector } from '../../expression.js';
import type { RuleExpression } from '../../rule-context.js';
import { OPTION_KINDS } from './option-fields.js';
import type { OptionSelector } from '../field-names.js';
import type { Part } from '../part.js';
import type { FieldPlace } from '../payload-fields.js';

/** The flag of an expression that tests whether the option is there (`NFT_EXTHDR_F_PRESENT`). */
const PRESENT = 1;

type Body = Readonly<Record<string, unknown>>;

/** Returns true for the selectors of options and extension headers. @internal */
export function isOptionSelector(name: string): name is OptionSelector {
  return Object.hasOwn(OPTION_KINDS, name);
}

/** Returns the part that a field of an option is, or the test whether the option is there. @throws FieldError @internal */
export function optionPart(kind: OptionSelector, body: Body, path: string): Part {
  const { name, field, base, offset, len } = body;
  if (kind === 'tcp option' && base !== undefined) return rawOption(base, offset, len, path);
  const { options } = OPTION_KINDS[kind];
  if (typeof name !== 'string' || !Object.hasOwn(options, name)) throw unknownName(`${path}.name`, name, Object.keys(options));
  const { number, fields } = options[name]!;
  if (field === undefined) return partOf(kind, number, { name }, undefined);
  if (typeof field !== 'string' || !Object.hasOwn(fields, field)) throw unknownName(`${path}.field`, field, Object.keys(fields));
  return partOf(kind, number, { name, field }, fields[field]);
}

/** Returns the parts whose values an expression loads: fields that share bytes. @internal */
export function optionParts({ data }: RuleExpression): readonly Part[] {
  const { op, type = 0, offset = 0, len = 0, flags = 0 } = (data ?? {}) as Readonly<Record<string, number | undefined>> & { op?: unknown };
  const kind = (Object.keys(OPTION_KINDS) as OptionSelector[]).find((name) => OPTION_KINDS[name].op === op);
  if (kind === undefined) return [];
  const named = Object.entries(OPTION_KINDS[kind].options).filter(([, { number }]) => number === type);
  if ((flags & PRESENT) !== 0)
    return named.length > 0 ? [partOf(kind, type, { name: named[0]![0] }, undefined)] : rawOptions(kind, type, 0, 8, true);
  const found = named.flatMap(([name, { fields }]) =>
    Object.entries(fields).flatMap(([field, place]) => {
      const part = partOf(kind, type, { name, field }, place);
      const loaded = part.load(1).data as { readonly offset: number; readonly len: number };
      return loaded.offset === offset && loaded.len === len ? [part] : [];
    }),
  );
  return found.length > 0 ? found : rawOptions(kind, type, offset * 8, len * 8, false);
}

function rawOptions(kind: OptionSelector, number: number, offset: number, bits: number, isTest: boolean): readonly Part[] {
  if (kind !== 'tcp option') return [];
  return [partOf(kind, number, { base: number, offset, len: bits }, isTest ? undefined : [offset, bits, 'integer'])];
}

function rawOption(base: unknown, offset: unknown, len: unknown, path: string): Part {
  const number = (value: unknown, most: number, place: string): number => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
    throw new FieldError(`${path}.${place}`, `expected an integer from 0 to ${most}, not ${shown(value)}`);
  };
  const place = [number(offset, 2040, 'offset'), number(len, 128, 'len'), 'integer'] as const;
  const option = number(base, 255, 'base');
  // nft has one form for the first byte and for the test whether the option is there, and reads it as the test.
  return partOf(
    'tcp option',
    option,
    { base: option, offset: place[0], len: place[1] },
    place[0] === 0 && place[1] === 8 ? undefined : place,
  );
}

function partOf(kind: OptionSelector, number: number, body: object, place: FieldPlace | undefined): Part {
  const { op, protocol } = OPTION_KINDS[kind];
  const common = {
    name: `${kind}.${Object.values(body).join('.')}`,
    selector: { [kind]: body } as unknown as Selector,
    ...(protocol === undefined ? {} : { protocol }),
  };
  if (place === undefined)
    return {
      ...common,
      shift: 0,
      type: dataType('boolean'),
      load: (dreg) => ({ name: 'exthdr', data: { dreg, type: number, offset: 0, len: 1, flags: PRESENT, op } }),
    };
  const [offset, bits, type] = place;
  const first = Math.floor(offset / 8);
  const end = Math.ceil((offset + bits) / 8);
  const shift = end * 8 - (offset + bits);
  const ones = ((1n << BigInt(bits)) - 1n) << BigInt(shift);
  const isWhole = shift === 0 && offset % 8 === 0;
  return {
    ...common,
    shift,
    type: fieldType(type, bits),
    ...(isWhole ? {} : { mask: Buffer.from(ones.toString(16).padStart(2 * (end - first), '0'), 'hex') }),
    load: (dreg) => ({ name: 'exthdr', data: { dreg, type: number, offset: first, len: end - first, op } }),
  };
}

function fieldType(type: FieldPlace[2], bits: number): DataType {
  if (type === 'integer') return plainInteger(bits, 'network');
  return type === 'mptcp_subtype' ? integerType('integer', 4, bits, 'network', MPTCP_SUBTYPES) : dataType(type);
}

function unknownName(path: string, name: unknown, known: readonly string[]): FieldError {
  const hint = typeof name === 'string' ? suggestion(name, known, '; ') : '';
  return new FieldError(path, `expected ${known.map((word) => `'${word}'`).join(', ')}, not ${shown(name)}${hint}`);
}
