import { KERNEL_ORIGIN } from '../../../wire/index.js';
import type { LoggedDatagram } from './logged-datagram.js';

/** Rows of a hexdump: those of strace, of xxd and tcpdump, and of `hexdump -C`; each an offset and the bytes. */
const ROWS = [
  /^\s*\| ([\da-f]{5,}) {2}(.{1,49})/i,
  /^\s*(?:0x)?([\da-f]{4,8}):\s+((?:[\da-f]{2,4} ?)+)/i,
  /^\s*([\da-f]{8}) {2}([\da-f ]+?)\s*(?:\||$)/i,
];

/**
 * Reads hexadecimal digits: one datagram a line, or a hexdump with offsets, in which offset 0 begins a datagram.
 *
 * @throws Error with the number of the line that holds something else.
 */
export function readHexText(text: string, protocol: number): LoggedDatagram[] {
  const found: { digits: string; line: number; isDump: boolean }[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)|^\s*\*\s/.test(line)) continue;
    const last = found.at(-1);
    const [, offset, dumped = ''] = ROWS.map((row) => row.exec(line)).find((match) => match !== null) ?? [];
    if (offset !== undefined) {
      if (last === undefined || Number.parseInt(offset, 16) === 0)
        found.push({ digits: hexDigits(dumped, index), line: index, isDump: true });
      else last.digits += hexDigits(dumped, index);
      continue;
    }
    // `hexdump -C` ends with the offset behind the last byte.
    if (last?.isDump === true && Number.parseInt(line, 16) === last.digits.length / 2) continue;
    found.push({ digits: hexDigits(line.replaceAll(/0x|\\x|,/g, ''), index), line: index, isDump: false });
  }
  return found.map(({ digits, line }) => ({
    ...KERNEL_ORIGIN,
    protocol,
    bytes: Uint8Array.from(Buffer.from(digits, 'hex')),
    place: `line ${line + 1}`,
  }));
}

function hexDigits(text: string, line: number): string {
  const digits = text.replaceAll(/\s/g, '');
  if (/^[\da-f]+$/i.test(digits) && digits.length % 2 === 0) return digits;
  throw new Error(`line ${line + 1}: expected pairs of hexadecimal digits`);
}
