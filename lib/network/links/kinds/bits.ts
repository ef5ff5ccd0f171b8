import type { KindData } from './kind.js';

/** The bits of an attribute, by the option that is one of them. @internal */
export type Bits = Readonly<Record<string, number>>;

/** Adds an option for each bit of a value. @internal */
export function splitBits(data: KindData, value: number | undefined, bits: Bits): KindData {
  if (value === undefined) return data;
  return { ...data, ...Object.fromEntries(Object.entries(bits).map(([name, bit]) => [name, (value & bit) !== 0])) };
}

/** The bits of the options that are in some properties, and the others of them. @internal */
export interface JoinedBits {
  /** Bits that are set. */
  readonly value: number;
  /** Bits of the options that are there. */
  readonly mask: number;
  /** The properties that are not bits. */
  readonly others: KindData;
}

/** Takes the options that are bits out of some properties. @internal */
export function joinBits(data: KindData, bits: Bits): JoinedBits {
  let [value, mask] = [0, 0];
  const others: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(data)) {
    const bit = bits[name];
    if (bit === undefined) others[name] = part;
    else {
      mask |= bit;
      if (part === true) value |= bit;
    }
  }
  return { value, mask, others };
}
