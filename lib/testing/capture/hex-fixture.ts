import { DecodeError } from '../../errors/index.js';
import type { Capture, CaptureByteOrder, CapturedDatagram } from './capture.js';
import { HOST_ORDER, byteOrderOf } from './capture-order.js';
import { omitUndefined } from '../../check/index.js';
import { hexText } from '../../wire/internal.js';

const BYTES_PER_ROW = 16;

/** The largest distance from 1970, in milliseconds, that a `Date` can hold (ECMAScript). */
const LAST_TIME = 8.64e15;

/** The named numbers of the line of a datagram, with the largest value of each. */
const LARGEST = { protocol: 0xffff, from: 0xffff_ffff, groups: 0xffff_ffff, group: 0xffff_ffff, nsid: 0x7fff_ffff, length: 0xffff_ffff };
const NAMED = Object.keys(LARGEST) as readonly (keyof typeof LARGEST)[];

/**
 * Writes a capture as text that can be read, edited and reviewed.
 *
 * ```text
 * # comment
 * % little-endian
 * $ ip link show dev lo
 * @ 2026-01-01T12:00:00.000Z
 * > 0 ms protocol 0
 *   20000000 12000503 01000000 00000000
 *   00000000 00000000 00000000 00000000
 * < 0.25 ms protocol 0 group 1
 *   ...
 * = {"ifname": "lo"}
 * ```
 *
 * `%` is the byte order of the machine that recorded it, `$` the command line, `@` the time of the first datagram, `>` sent and `<`
 * received. The text from `=` to the end is the expected value as JSON.
 *
 * @throws RangeError if a time is not one that a `Date` can hold.
 * @public
 */
export function encodeFixture({ byteOrder = HOST_ORDER, command, datagrams, expected }: Capture): string {
  for (const [index, { time }] of datagrams.entries()) {
    if (!(Math.abs(time) <= LAST_TIME))
      throw new RangeError(`encodeFixture: datagrams[${index}].time ${time} is not a time in milliseconds`);
  }
  const lines = [`% ${byteOrder}-endian`];
  if (command !== undefined) lines.push(`$ ${command}`);
  const start = datagrams[0]?.time ?? 0;
  if (start !== 0) lines.push(`@ ${new Date(start).toISOString()}`);
  const began = Math.floor(start);
  for (const datagram of datagrams) {
    const { direction, protocol, sender, group, nsid, unsure, length } = datagram;
    // Rounded to microseconds, as in a pcap: more digits are rounding errors of the floating-point number.
    const words = [
      direction === 'sent' ? '>' : '<',
      String(Math.round((datagram.time - began) * 1000) / 1000),
      'ms',
      `protocol ${protocol}`,
    ];
    if (sender.portId !== 0) words.push(`from ${sender.portId}`);
    if (sender.groups !== 0) words.push(`groups ${sender.groups}`);
    if (group !== 0) words.push(`group ${group}`);
    if (nsid !== undefined) words.push(`nsid ${nsid}`);
    if (length !== undefined) words.push(`length ${length}`);
    if (unsure === true) words.push('unsure');
    lines.push(words.join(' '), ...rows(datagram.bytes));
  }
  if (expected !== undefined) lines.push(`= ${JSON.stringify(expected, undefined, 2)}`);
  return `${lines.join('\n')}\n`;
}

/**
 * Reads the text that {@link encodeFixture} writes.
 *
 * Hex digits may have spaces and line breaks between them; a `#` starts a comment.
 *
 * @throws {@link DecodeError} with the number of the line that is not valid.
 * @public
 */
export function decodeFixture(text: string): Capture {
  const lines = text.split(/\r?\n/);
  const datagrams: { head: Omit<CapturedDatagram, 'bytes'>; digits: string; line: number }[] = [];
  let byteOrder: CaptureByteOrder | undefined;
  let command: string | undefined;
  let expected: { json: unknown } | undefined;
  let began = 0;
  for (let index = 0; index < lines.length && expected === undefined; index++) {
    const whole = lines[index] ?? '';
    const mark = whole.trimStart().charAt(0);
    const rest = whole.trimStart().slice(1).trim();
    if (mark === '%') byteOrder = parseOrder(rest, index);
    else if (mark === '$') command = rest;
    else if (mark === '@') began = parseTime(rest, index);
    else if (mark === '=') expected = { json: parseJson([rest, ...lines.slice(index + 1)].join('\n'), index) };
    else if (mark === '>' || mark === '<') datagrams.push({ head: parseHead(mark, rest, began, index), digits: '', line: index });
    else if (mark !== '#' && mark !== '') {
      const last = datagrams.at(-1) ?? wrong('bytes before the first datagram; expected a line with > or <', index);
      last.digits += whole.replace(/#.*/, '').replaceAll(/\s/g, '');
    }
  }
  const read = datagrams.map(({ head, digits, line }) => withBytes(head, parseHex(digits, line), line));
  byteOrder ??= byteOrderOf(read);
  return {
    datagrams: read,
    ...omitUndefined({ byteOrder, command, expected: expected?.json }),
  };
}

function rows(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.byteLength; at += BYTES_PER_ROW) {
    lines.push(`  ${hexText(bytes.subarray(at, at + BYTES_PER_ROW)).replaceAll(/.{8}(?=.)/g, '$& ')}`);
  }
  return lines;
}

function parseHead(mark: '>' | '<', rest: string, began: number, line: number): Omit<CapturedDatagram, 'bytes'> {
  const [offset = '', unit, ...words] = rest.split(/\s+/);
  if (unit !== 'ms' || !/^-?\d+(\.\d+)?$/.test(offset))
    wrong('the line of a datagram must begin with its time, e.g. `> 0.25 ms protocol 0`', line);
  const found: Partial<Record<(typeof NAMED)[number], number>> = {};
  let unsure = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    const name = NAMED.find((known) => known === word);
    if (word === 'unsure') unsure = true;
    else if (name === undefined) wrong(`'${word ?? ''}' is unknown; expected one of ${NAMED.join(', ')}, unsure`, line);
    else {
      const value = Number(words[++at]);
      if (!(Number.isInteger(value) && value >= 0 && value <= LARGEST[name])) {
        wrong(`${name} must be a number from 0 to ${LARGEST[name]}, not '${words[at] ?? ''}'`, line);
      }
      found[name] = value;
    }
  }
  const time = began + Number(offset);
  if (!(Math.abs(time) <= LAST_TIME)) wrong(`'${offset} ms' is beyond the times that a Date can hold`, line);
  return {
    time,
    direction: mark === '>' ? 'sent' : 'received',
    protocol: found.protocol ?? 0,
    sender: { portId: found.from ?? 0, groups: found.groups ?? 0 },
    group: found.group ?? 0,
    ...omitUndefined({ nsid: found.nsid, length: found.length, unsure: unsure || undefined }),
  };
}

function withBytes(head: Omit<CapturedDatagram, 'bytes'>, bytes: Uint8Array, line: number): CapturedDatagram {
  const { length } = head;
  if (length !== undefined && length < bytes.byteLength)
    wrong(`length ${length} is less than the ${bytes.byteLength} bytes that follow`, line);
  return { ...head, bytes };
}

function parseOrder(text: string, line: number): CaptureByteOrder {
  const order = /^(little|big)-endian$/.exec(text)?.[1];
  return (order as CaptureByteOrder | undefined) ?? wrong(`'${text}' is not little-endian or big-endian`, line);
}

function parseTime(text: string, line: number): number {
  const time = Date.parse(text);
  return Number.isNaN(time) ? wrong(`'${text}' is not a time`, line) : time;
}

function parseJson(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return wrong(`the expected value is not valid JSON: ${(error as Error).message}`, line);
  }
}

function parseHex(digits: string, line: number): Uint8Array {
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) wrong('the bytes are not pairs of hex digits', line);
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16));
}

function wrong(reason: string, line: number): never {
  throw new DecodeError(`line ${line + 1}: ${reason}`, 0);
}
