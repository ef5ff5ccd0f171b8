import { existsSync, readFileSync } from 'node:fs';

const BTF = '/sys/kernel/btf/vmlinux';
const MAGIC = 0xeb9f;
const HEADER_LENGTH = 4;
const TYPE_OFFSET = 8;
const TYPE_SIZE = 12;
const STRING_OFFSET = 16;

const ENUM = 6;
const ENUM64 = 19;
/** The bytes after the 12 bytes of a type, by kind: a fixed number, and a number for each element. */
const BEHIND: Readonly<Record<number, readonly [fixed: number, each: number]>> = {
  1: [4, 0],
  3: [12, 0],
  4: [0, 12],
  5: [0, 12],
  6: [0, 8],
  13: [0, 8],
  14: [4, 0],
  15: [0, 12],
  17: [4, 0],
  19: [0, 12],
};

/**
 * Reads the enumerators of the running kernel from its type information (BTF). The kernel is often newer than the installed headers.
 *
 * @returns An empty map if the kernel has no type information.
 */
export function kernelEnumerators(path: string = BTF): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>();
  if (!existsSync(path)) return found;
  const bytes = readFileSync(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0, true) !== MAGIC) return found;
  const word = (offset: number): number => view.getUint32(offset, true);
  const start = word(HEADER_LENGTH);
  const strings = start + word(STRING_OFFSET);
  const text = (offset: number): string => bytes.toString('latin1', strings + offset, bytes.indexOf(0, strings + offset));
  const end = start + word(TYPE_OFFSET) + word(TYPE_SIZE);
  for (let at = start + word(TYPE_OFFSET); at < end;) {
    const info = word(at + 4);
    const [kind, count, signed] = [(info >>> 24) & 0x1f, info & 0xffff, info >>> 31 === 1];
    const [fixed, each] = BEHIND[kind] ?? [0, 0];
    at += 12;
    for (let entry = at; (kind === ENUM || kind === ENUM64) && entry < at + count * each; entry += each) {
      const low = BigInt(signed ? view.getInt32(entry + 4, true) : word(entry + 4));
      found.set(text(word(entry)), kind === ENUM64 ? view.getBigUint64(entry + 4, true) : low);
    }
    at += fixed + count * each;
  }
  return found;
}
