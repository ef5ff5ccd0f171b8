import { isPlain } from '../codec/encode-context.js';
import { integerDecoder } from '../codec/integer/integer-reader.js';
import { type IntegerShape, integerShape } from '../codec/integer/integer-shape.js';
import { integerSource, memberIntegerSource } from '../codec/integer/integer-source.js';
import { integerEncoder, integerWriter } from '../codec/integer/integer-writer.js';
import type { Kind, ValueCodec } from '../codec/kind.js';
import type { SchemaNames } from '../codec/schema-names.js';
import type { ValueFields } from '../codec/value-fields.js';
import { address, addressTypeText, isInternetHint } from './binary/address.js';
import { netmask } from './netmask.js';

type IntegerType = 'u8' | 'u16' | 'u32' | 'u64' | 's8' | 's16' | 's32' | 's64';

const WIDE: readonly string[] = ['u64', 's64'];

/** Integers of fixed width. 64-bit ones are `bigint`, the others `number`. @internal */
const integer: ValueCodec = {
  decode: ({ names }, value) => integerDecoder(shapeOf(names, value)),

  source({ text, backEnd }, value) {
    const shape = shapeOf(backEnd.names, value);
    const place = shape.width < 4 ? { byte: 'p + 4' } : { byte: 'p + 4', word: 'q + 1' };
    return { fits: `length === ${4 + shape.width}`, value: integerSource(text, shape, place) };
  },

  memberSource(text, names, value, place) {
    const shape = shapeOf(names, value);
    return place.size === shape.width ? memberIntegerSource(text, shape, place) : undefined;
  },

  encode: ({ names }, value) => integerEncoder(shapeOf(names, value), value.checks),
  writeInteger: ({ names }, value, offset) => integerWriter(shapeOf(names, value), value.checks, offset),
  accepts: isPlain,
  isSelector: true,
};

/** Makes the kind of an integer of fixed width. @internal */
export function integerKind(type: IntegerType): Kind {
  return {
    ...integer,
    fields: ['scalar'],
    policyTypes: [type],
    typeText(value, texts, direction) {
      if (type === 'u32' && value.hint === 'ipv4') return addressTypeText(direction);
      if (value.hint === 'netmask') return direction === 'request' ? 'AddressInput | number' : 'string | number';
      return numberTypeText(value, WIDE.includes(type), (name) => texts.enum(name));
    },
    codecOf(value) {
      if (value.hint === 'netmask') return netmask;
      return type.endsWith('32') && isInternetHint(value) ? address : undefined;
    },
  };
}

/** Writes the type of a number: the names of its enum, or `number` or `bigint`. @internal */
export function numberTypeText({ enum: name }: ValueFields, isWide: boolean, enumText: (name: string) => string): string {
  if (!isWide) return name === undefined ? 'number' : enumText(name);
  return name === undefined ? 'bigint' : `Exclude<${enumText(name)}, number> | bigint`;
}

function shapeOf(names: SchemaNames, value: ValueFields): IntegerShape {
  return integerShape(names, value)!;
}
