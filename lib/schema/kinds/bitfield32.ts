import { kindOf } from '../../wire/internal.js';
import { wordAt } from '../codec/decode-primitives.js';
import { isRecord } from '../codec/encode-context.js';
import { integerWriter } from '../codec/integer/integer-writer.js';
import type { Kind } from '../codec/kind.js';

/** The value of a bitfield32: of the bits in `selector`, those in `value` are set. @public */
export interface Bitfield32 {
  /** The bits that are set; bits outside of `selector` must be 0. */
  readonly value: number;
  /** The bits that `value` describes; the kernel keeps the others. */
  readonly selector: number;
}

const writeBits = integerWriter({ width: 4, signed: false, swapped: false, names: undefined }, undefined);

/** `struct nla_bitfield32`: `{ value, selector }`, two numbers in the host's order. @internal */
export const bitfield32: Kind = {
  fields: ['scalar'],
  policyTypes: ['bitfield32'],
  typeText: () => 'Bitfield32',
  decode: () => (_words, bytes, start, end) => read(bytes, start, end),

  encode: () => (context, given) => {
    if (!isRecord(given)) return context.fail(`${kindOf(given)} is not an object of value and selector`);
    for (const name of Object.keys(given))
      if (name !== 'value' && name !== 'selector') context.fail(`a bitfield32 has no property '${name}'`);
    const at = context.writer.append(8);
    writeBits(context, at, given['value']);
    writeBits(context, at + 4, given['selector']);
  },
  accepts: isRecord,
};

function read(bytes: Uint8Array, start: number, end: number): Bitfield32 | undefined {
  return end - start === 8 ? { value: wordAt(bytes, start), selector: wordAt(bytes, start + 4) } : undefined;
}
