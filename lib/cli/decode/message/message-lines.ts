import { printable } from '../../output/printable.js';
import type { Style } from '../../output/style.js';
import type { DecodedMessage } from './decoded-message.js';

const INDENT = '  ';
/** The digits of a line of bytes. */
const ROW = 64;

/** Returns a message as text: a line that names it, then its values, each level of a nest further in. */
export function messageLines(message: DecodedMessage, style: Style, since: number | undefined): string[] {
  const { value, unknown = [], payload, fault, error } = message;
  const lines = [headLine(message, style, since)];
  if (error?.extendedAck !== undefined && error.errno === 0 && error.message === '') lines.push(...valueLines(error.extendedAck, INDENT));
  if (fault !== undefined) lines.push(style.red(`${INDENT}not decoded: ${printable(fault)}`));
  if (Array.isArray(value)) for (const line of value) lines.push(INDENT + printable(String(line)));
  else if (value !== undefined) lines.push(...valueLines(value, INDENT));
  for (const { path, type, bytes } of unknown) {
    lines.push(
      style.yellow(`${INDENT}unknown attribute ${type}${path === '' ? '' : ` in ${printable(path.slice(1))}`}: ${bytes || 'empty'}`),
    );
  }
  if (payload !== undefined) for (let at = 0; at < payload.length; at += ROW) lines.push(INDENT + payload.slice(at, at + ROW));
  return lines;
}

function headLine(message: DecodedMessage, style: Style, since: number | undefined): string {
  const { time, process, direction, protocol, flags, sequence, portId, group } = message;
  const words = [direction === 'sent' ? style.green('>') : '<'];
  if (time !== undefined && since !== undefined) words.unshift(style.faint(`${(time - since).toFixed(3)} ms`));
  if (process !== undefined) words.push(style.faint(String(process)));
  words.push(title(message, style));
  if (protocol !== 'generic' || message.family === undefined) words.push(protocol);
  if (flags.length > 0) words.push(flags.join('|'));
  if (message.kind !== 'text') words.push(style.faint(`sequence ${sequence} port ${portId}`));
  if (group !== undefined) words.push(`group ${group}`);
  return words.join('  ');
}

function title({ kind, family, operation, mode, error, type }: DecodedMessage, style: Style): string {
  const name = [family, operation]
    .filter((word) => word !== undefined)
    .map(printable)
    .join(' ');
  switch (kind) {
    case 'request':
      return style.bold(mode === 'dump' ? `${name} dump` : name);
    case 'reply':
      return style.bold(`${name} reply`);
    case 'notification':
      return style.bold(name);
    case 'error':
      return style.red(printable([family, error?.message].filter(Boolean).join(': ')));
    case 'ack':
    case 'done': {
      const what = kind === 'ack' ? 'ack' : 'end';
      const warning = error === undefined || error.message === '' ? '' : `: ${printable(error.message)}`;
      return name === '' ? what + warning : `${what} of ${name}${style.yellow(warning)}`;
    }
    case 'unknown':
      return style.yellow(name === '' ? `type ${type}` : name);
    default:
      return kind;
  }
}

/** Returns the members of an object, one a line; a list of plain values is one line. */
function valueLines(value: unknown, indent: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => memberLines(printable(name), member, indent));
}

function memberLines(name: string, member: unknown, indent: string): string[] {
  if (Array.isArray(member)) {
    if (member.every(isPlain)) return [`${indent}${name}: [${member.map(plainText).join(', ')}]`];
    return member.flatMap((item, index) => memberLines(`${name}[${index}]`, item, indent));
  }
  if (isPlain(member)) return [`${indent}${name}: ${plainText(member)}`.trimEnd()];
  const inner = valueLines(member, indent + INDENT);
  return inner.length === 0 ? [`${indent}${name}: {}`] : [`${indent}${name}:`, ...inner];
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function plainText(value: unknown): string {
  return printable(String(value));
}
