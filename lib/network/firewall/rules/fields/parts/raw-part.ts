import type { PayloadBase } from '../../../../../families/nftables.js';
import { plainInteger } from '../../../data/integers.js';
import type { RawBase } from '../field-names.js';
import type { HeaderBytes, Part } from '../part.js';
import { loadHeader } from '../payload-part.js';

const BASES: Readonly<Record<RawBase, PayloadBase>> = {
  ll: 'link-layer-header',
  nh: 'network-header',
  th: 'transport-header',
  ih: 'inner-header',
};

/** Bits of the largest value that one register holds. */
const MOST_BITS = 128;

/** Returns the part that raw bits of a packet are; undefined if the numbers are not valid. @internal */
export function rawPart(base: unknown, offset: unknown, bits: unknown): Part | undefined {
  if (typeof base !== 'string' || !Object.hasOwn(BASES, base)) return undefined;
  if (typeof offset !== 'number' || typeof bits !== 'number' || !Number.isInteger(offset) || !Number.isInteger(bits)) return undefined;
  // NFTA_PAYLOAD_OFFSET has one byte in the kernel.
  if (offset < 0 || offset > 0x7ff || bits < 1 || bits > MOST_BITS) return undefined;
  const first = Math.floor(offset / 8);
  const end = Math.ceil((offset + bits) / 8);
  const header: HeaderBytes = { base: BASES[base as RawBase], offset: first, len: end - first };
  const shift = end * 8 - (offset + bits);
  const ones = ((1n << BigInt(bits)) - 1n) << BigInt(shift);
  const isWhole = shift === 0 && offset % 8 === 0;
  if (header.len * 8 > MOST_BITS) return undefined;
  return {
    name: `@${base},${offset},${bits}`,
    selector: { payload: { base: base as RawBase, offset, len: bits } },
    header,
    shift,
    type: plainInteger(bits, 'network'),
    ...(isWhole ? {} : { mask: Buffer.from(ones.toString(16).padStart(2 * header.len, '0'), 'hex') }),
    load: (dreg) => loadHeader(header, dreg),
  };
}

/** Returns the part that `'@th,16,16'` names; undefined if the text has another form. @internal */
export function rawField(name: string): Part | undefined {
  const [, base, offset, bits] = /^@(\w+),(\d{1,5}),(\d{1,3})$/.exec(name) ?? [];
  return base === undefined ? undefined : rawPart(base, Number(offset), Number(bits));
}

/** Returns the part that bytes of a packet are, or bits of them. @internal */
export function rawPartAt({ base, offset, len }: HeaderBytes, mask?: Buffer): Part | undefined {
  const word = (Object.keys(BASES) as RawBase[]).find((name) => BASES[name] === base);
  if (mask === undefined) return rawPart(word, offset * 8, len * 8);
  const ones = BigInt(`0x${mask.toString('hex')}`)
    .toString(2)
    .padStart(len * 8, '0');
  const [, before, field] = /^(0*)(1+)0*$/.exec(ones) ?? [];
  if (before === undefined || field === undefined) return undefined;
  const part = rawPart(word, offset * 8 + before.length, field.length);
  // A field whose bits fill less bytes loads less bytes.
  return part?.header?.len === len && part.header.offset === offset ? part : undefined;
}
