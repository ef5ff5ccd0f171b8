import { decodeText } from '../../wire/index.js';

/** The fields of a record by name. A field is null if the kernel wrote `(null)`: there is no value. @public */
export type AuditFields = Readonly<Record<string, string | null>>;

/**
 * The fields whose values the kernel, or libaudit, writes in quotes, or in hexadecimal digits if a quote, a blank, a control character or a
 * byte from 0x7f on occurs in them (`audit_log_untrustedstring`).
 */
const ENCODED: ReadonlySet<string> = new Set([
  ...['acct', 'cmd', 'comm', 'cwd', 'data', 'dir', 'exe', 'file', 'grp', 'key', 'name', 'ocomm', 'path', 'proctitle'],
  ...['root_dir', 'vm', 'watch'],
]);

/** Upper case, two digits a byte. */
const HEX = /^(?:[0-9A-F]{2})+$/;
/** A name and `=`, at the start of a word. */
const NAME = /[^\s=,"'{}]+=/y;
const VALUE = /[^\s,]*/y;
const GAP = /[\s,]+|[^\s,]+/y;

/** Options of {@link parseFields}. @internal */
export interface FieldOptions {
  /** Adds the arguments of a program to the encoded fields: `a0`, `a1[0]`. In other records `a0` is a number. */
  readonly withArguments?: boolean;
}

/**
 * Parses `name=value` pairs; words without `=` are skipped.
 *
 * The first value of a name counts: the kernel writes its own fields in front of text that a process chose.
 *
 * @internal
 */
export function parseFields(text: string, { withArguments = false }: FieldOptions = {}): Record<string, string | null> {
  const fields = Object.create(null) as Record<string, string | null>;
  for (let at = 0; at < text.length;) {
    const name = matchAt(NAME, text, at);
    if (name === '') {
      at += matchAt(GAP, text, at).length || 1;
      continue;
    }
    const key = name.slice(0, -1);
    const { value, end } = valueAt(text, at + name.length, isEncoded(key, withArguments));
    if (!(key in fields)) fields[key] = value;
    at = end;
  }
  return fields;
}

function isEncoded(name: string, withArguments: boolean): boolean {
  return ENCODED.has(name) || (withArguments && /^a\d+(?:\[\d+\])?$/.test(name));
}

function valueAt(text: string, start: number, encoded: boolean): { readonly value: string | null; readonly end: number } {
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    // A message of a process may contain the quote; it is the last field.
    const close = quote === '"' ? text.indexOf(quote, start + 1) : text.lastIndexOf(quote);
    if (close > start) return { value: text.slice(start + 1, close), end: close + 1 };
  }
  const plain = matchAt(VALUE, text, start);
  const end = start + plain.length;
  if (plain === '(null)') return { value: null, end };
  return { value: encoded && HEX.test(plain) ? decodeText(bytesOf(plain)) : plain, end };
}

function bytesOf(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16));
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
