import type { Expression } from '../expression.js';
import { headerWrite } from '../fields/header-write.js';
import { unplaced, type HeaderBytes, type Part } from '../fields/part.js';
import { optionParts } from '../fields/parts/option-part.js';
import { partsOf } from '../fields/payload-part.js';
import { rawPartAt } from '../fields/parts/raw-part.js';
import { loadedPart, selectorOf } from '../fields/read-part.js';
import type { RuleExpression } from '../rule-context.js';
import type { Statement } from '../statement.js';
import type { Loaded } from './registers.js';
import type { RuleReader } from './rule-reader.js';
import { Unreadable } from './unreadable.js';

type Data = Readonly<Record<string, unknown>>;

/** Reads the write of a property of the packet or of its connection. @throws Unreadable @internal */
export function readMangle(reader: RuleReader, { sreg, ...data }: Data, { name }: RuleExpression): Statement {
  const part = loadedPart({ name, data } as RuleExpression);
  if (part === undefined) throw new Unreadable('mangle');
  const value = reader.value(sreg, part.type);
  if (part.name === 'meta.mark') return { mark: value };
  return part.name === 'ct.mark' ? { 'ct mark': value } : { mangle: { key: selectorOf(part), value } };
}

/** Reads the write of an option of TCP, or its removal. @throws Unreadable @internal */
export function readOption(reader: RuleReader, { sreg, ...data }: Data, { name }: RuleExpression): Statement {
  if (sreg === undefined) {
    const [option] = optionParts({ name, data: { ...data, flags: 1 } } as RuleExpression);
    if (option === undefined) throw new Unreadable('exthdr');
    return { reset: selectorOf(option) as { readonly 'tcp option': { readonly name: string } } };
  }
  const part = optionParts({ name, data } as RuleExpression).find(({ mask }) => mask === undefined);
  if (part === undefined) throw new Unreadable('exthdr');
  return { mangle: { key: selectorOf(part), value: reader.value(sreg, part.type) } };
}

/** Reads the write of a field of a header. @throws Unreadable @internal */
export function readHeaderWrite(reader: RuleReader, data: Data): Statement {
  const { sreg, base = 0, offset = 0, len = 0, csumType = 0, csumOffset = 0, csumFlags = 0 } = data;
  const header = { base, offset, len } as HeaderBytes;
  const loaded = reader.registers.get(sreg);
  const known = reader.protocolOf(header);
  const fields = known === undefined ? [] : partsOf(known);
  for (const part of fields) {
    const write = headerWrite(part);
    const { checksums } = write;
    const isPlace = write.header.offset === header.offset && write.header.len === header.len;
    const isSame =
      (checksums.csumType ?? 0) === csumType && (checksums.csumOffset ?? 0) === csumOffset && (checksums.csumFlags ?? 0) === csumFlags;
    if (!isPlace || !isSame) continue;
    const value = write.mask === undefined ? reader.value(sreg, part.type) : maskedValue(part, write.mask, write.shift, header, loaded);
    if (value !== undefined) return { mangle: { key: selectorOf(part), value } };
  }
  const mask = sameHeader(header, loaded) ? loaded.bits?.mask : undefined;
  const raw = mask === undefined ? rawPartAt(header) : rawPartAt(header, inverted(mask));
  if (raw === undefined) throw new Unreadable('payload');
  const value = mask === undefined ? reader.value(sreg, raw.type) : maskedValue(raw, inverted(mask), raw.shift, header, loaded);
  if (value === undefined) throw new Unreadable('payload');
  return { mangle: { key: selectorOf(raw), value } };
}

const inverted = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => ~byte & 0xff));

const sameHeader = (header: HeaderBytes, { header: own }: Loaded): boolean =>
  own !== undefined && own.base === header.base && own.offset === header.offset && own.len === header.len;

/** Returns the value of a field that is written with its neighbours; undefined if other bits change too. */
function maskedValue(part: Part, mask: Buffer, shift: number, header: HeaderBytes, loaded: Loaded): Expression | undefined {
  const { bits } = loaded;
  if (bits === undefined || !sameHeader(header, loaded)) return undefined;
  const isOutside = (index: number): number => ~mask[index]! & 0xff;
  const keepsOthers = bits.mask.every((byte, index) => (byte & isOutside(index)) === isOutside(index));
  if (!keepsOthers || bits.xor.some((byte, index) => (byte & isOutside(index)) !== 0)) return undefined;
  const print = (bytes: Buffer): string | number => part.type.print(unplaced({ shift, mask, type: part.type }, bytes));
  const kept = Buffer.from(bits.mask.map((byte, index) => byte & mask[index]!));
  if (kept.every((byte) => byte === 0)) return print(bits.xor);
  const selector = selectorOf(part);
  const base: Expression = kept.equals(mask) ? selector : { '&': [selector, print(kept)] };
  if (bits.xor.every((byte) => byte === 0)) return base;
  const isOr = bits.xor.every((byte, index) => (byte & kept[index]!) === 0);
  if (!isOr) return { '^': [base, print(bits.xor)] };
  const isWhole = kept.every((byte, index) => (byte | bits.xor[index]!) === mask[index]);
  return { '|': [isWhole ? selector : base, print(bits.xor)] };
}
