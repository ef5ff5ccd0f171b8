import { numberOf, numberValue, readUserdata, writeUserdata, type Userdata } from '../../objects/userdata.js';
import { OPTION_KINDS } from './parts/option-fields.js';
import { optionPart } from './parts/option-part.js';
import { fingerprintPart } from './parts/other-parts.js';
import type { Part } from './part.js';
import { payloadPart } from './payload-part.js';
import { rawPart } from './parts/raw-part.js';
import type { RawBase } from './field-names.js';
import { selectedPart } from './select-part.js';
import { CT_NUMBERS, META_ORDER, payloadNamed, payloadNumber } from './typeof-numbers.js';

/** Numbers of expressions in the user data of sets (`EXPR_*` of nftables). */
const EXPRESSIONS = { payload: 7, option: 8, meta: 9, osf: 11, ct: 12, concat: 13 } as const;
/** Entries of an expression: its number and its properties. */
const [TYPE, DATA] = [0, 1];
/** The number of a field in the forms of `tcp option`: the second one is the kind of the options. */
const TCP_OPTION = 1;
/** nft's number of no direction of a connection. */
const NO_DIRECTION = 0xffff_ffff;
/** nft's base number of raw bits, in the order of the layers. */
const RAW_BASES: readonly RawBase[] = ['ll', 'nh', 'th', 'ih'];

/** Returns the user data that names a part for `nft`, which prints values by it; undefined for parts that this library does not name. @internal */
export function typeofPart(part: Part): Uint8Array | undefined {
  const [number, data] = described(part) ?? [];
  return number === undefined || data === undefined ? undefined : expression(number, data);
}

/** Returns the user data that names the fields of a concatenation. @internal */
export function typeofParts(parts: readonly Part[]): Uint8Array | undefined {
  if (parts.length === 1) return typeofPart(parts[0]!);
  const fields = parts.map(typeofPart);
  if (fields.includes(undefined)) return undefined;
  return expression(EXPRESSIONS.concat, writeUserdata(new Map(fields.map((field, index) => [index, field!])))!);
}

function expression(number: number, data: Uint8Array): Uint8Array {
  return writeUserdata(
    new Map([
      [TYPE, numberValue(number)],
      [DATA, data],
    ]),
  )!;
}

const numbers = (entries: readonly (readonly [number, number])[]): Uint8Array =>
  Buffer.concat(entries.map(([type, value]) => Buffer.concat([Buffer.from([type, 4]), numberValue(value)])));

function described({ name, selector, tunnel, type }: Part): readonly [number, Uint8Array] | undefined {
  if (tunnel !== undefined) return undefined;
  const length = type.name === 'integer' ? [[4, type.bits] as const] : [];
  if (name.startsWith('@')) {
    const [base, offset, bits] = name.slice(1).split(',');
    const place = RAW_BASES.indexOf(base as RawBase) + 1;
    return [
      EXPRESSIONS.payload,
      numbers([
        [0, 0],
        [1, 0],
        [2, place],
        [3, Number(offset)],
        [4, Number(bits)],
      ]),
    ];
  }
  const payload = payloadNumber(name);
  if (payload !== undefined) return [EXPRESSIONS.payload, numbers([[0, payload[0]], [1, payload[1]], ...length])];
  const [source, ...words] = name.split('.');
  const key = words.at(-1)!;
  if (source === 'meta' && META_ORDER.includes(key)) return [EXPRESSIONS.meta, numbers([[0, META_ORDER.indexOf(key)]])];
  if (source === 'ct' && Object.hasOwn(CT_NUMBERS, key)) {
    const direction = words.length === 1 ? NO_DIRECTION : words[0] === 'original' ? 0 : 1;
    return [
      EXPRESSIONS.ct,
      numbers([
        [0, CT_NUMBERS[key]!],
        [1, direction],
      ]),
    ];
  }
  if (source === 'osf') return [EXPRESSIONS.osf, Buffer.alloc(0)];
  const option = selector !== undefined && 'tcp option' in selector ? selector['tcp option'] : undefined;
  if (option === undefined || !('name' in option) || option.field === undefined) return undefined;
  const { type: number } = optionPart('tcp option', { name: option.name }, '').load(1).data as { readonly type: number };
  return [
    EXPRESSIONS.option,
    numbers([
      [1, tcpFields(option.name).indexOf(option.field)],
      [2, TCP_OPTION],
      [0, number],
    ]),
  ];
}

/** The fields of an option of TCP in the order of nft's numbers. */
const tcpFields = (name: string): readonly string[] => Object.keys(OPTION_KINDS['tcp option'].options[name]?.fields ?? {});

/** Returns the parts that user data names; undefined if one of them is not known. @internal */
export function partsOfTypeof(userdata: Uint8Array): readonly Part[] | undefined {
  const entries = readUserdata(userdata);
  if (numberOf(entries, TYPE) !== EXPRESSIONS.concat) {
    const part = namedPart(entries);
    return part && [part];
  }
  const parts = [...readUserdata(entries.get(DATA)).values()].map((field) => namedPart(readUserdata(field)));
  return parts.some((part) => part === undefined) ? undefined : (parts as readonly Part[]);
}

function namedPart(entries: Userdata): Part | undefined {
  const data = readUserdata(entries.get(DATA));
  const number = (type: number): number => numberOf(data, type) ?? 0;
  switch (numberOf(entries, TYPE)) {
    case EXPRESSIONS.payload: {
      if (data.has(5)) return undefined;
      if (number(0) === 0) return rawPart(RAW_BASES[number(2) - 1], number(3), number(4));
      const name = payloadNamed(number(0), number(1));
      return name === undefined ? undefined : payloadPart(name);
    }
    case EXPRESSIONS.meta: {
      const key = META_ORDER[number(0)];
      return key === undefined ? undefined : selectedPart({ meta: { key } }, '');
    }
    case EXPRESSIONS.ct: {
      const key = Object.keys(CT_NUMBERS).find((word) => CT_NUMBERS[word] === number(0));
      const direction = number(1);
      const dir = direction === NO_DIRECTION ? {} : { dir: direction === 0 ? 'original' : 'reply' };
      return key === undefined ? undefined : selectedPart({ ct: { key, ...dir } }, '');
    }
    case EXPRESSIONS.osf:
      return fingerprintPart({ key: 'name' }, '');
    case EXPRESSIONS.option: {
      if (number(2) !== TCP_OPTION) return undefined;
      const { options } = OPTION_KINDS['tcp option'];
      const name = Object.keys(options).find((word) => options[word]!.number === number(0));
      const field = name === undefined ? undefined : tcpFields(name)[number(1)];
      return field === undefined ? undefined : optionPart('tcp option', { name, field }, '');
    }
    default:
      return undefined;
  }
}
