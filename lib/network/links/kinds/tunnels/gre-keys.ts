import { boolean, uint32 } from '../../../fields/check.js';
import { computed, type Options } from '../../../fields/option.js';
import type { Normal } from '../../../fields/shape.js';
import { joinBits, splitBits, type Bits } from '../bits.js';
import type { KindData } from '../kind.js';

/** The keys and flags of GRE headers. @public */
export interface GreKeyOptions {
  /** The key of received packets (`IFLA_GRE_IKEY`). */
  readonly inputKey?: number;
  /** The key of sent packets (`IFLA_GRE_OKEY`). */
  readonly outputKey?: number;
  /** Received packets need a checksum. */
  readonly inputChecksum?: boolean;
  /** Sent packets have a checksum. */
  readonly outputChecksum?: boolean;
  /** Received packets need a sequence number. */
  readonly inputSequence?: boolean;
  /** Sent packets have a sequence number. */
  readonly outputSequence?: boolean;
}

/** GRE_KEY. */
const KEY = 0x2000;

/** GRE_CSUM and GRE_SEQ. */
const INPUT: Bits = { inputChecksum: 0x8000, inputSequence: 0x1000 };
const OUTPUT: Bits = { outputChecksum: 0x8000, outputSequence: 0x1000 };

/** @internal */
export const GRE_KEYS: Options<GreKeyOptions> = {
  inputKey: computed('inputKey', uint32),
  outputKey: computed('outputKey', uint32),
  inputChecksum: computed('inputChecksum', boolean),
  outputChecksum: computed('outputChecksum', boolean),
  inputSequence: computed('inputSequence', boolean),
  outputSequence: computed('outputSequence', boolean),
};

/** Splits the flags of GRE headers into options. @internal */
export function readGreKeys(data: KindData): KindData {
  const { iflags, oflags, ikey, okey } = data as Readonly<Record<string, number | undefined>>;
  const split = splitBits(splitBits(data, iflags, INPUT), oflags, OUTPUT);
  const has = (flags: number | undefined): boolean => ((flags ?? 0) & KEY) !== 0;
  return { ...split, ...(has(iflags) && { inputKey: ikey }), ...(has(oflags) && { outputKey: okey }) };
}

/** Joins options to the flags of GRE headers. @internal */
export function writeGreKeys(data: KindData, options: Normal): KindData {
  const { inputKey, outputKey, ...others } = joinBits(joinBits(data, INPUT).others, OUTPUT).others;
  const key = (value: unknown): number => (value === undefined ? 0 : KEY);
  return {
    ...others,
    iflags: joinBits(options, INPUT).value | key(inputKey),
    oflags: joinBits(options, OUTPUT).value | key(outputKey),
    ...(inputKey !== undefined && { ikey: inputKey }),
    ...(outputKey !== undefined && { okey: outputKey }),
  };
}
