import { ipv4Text, ipv6Text, linkAddressText, parseIp, parseLinkAddress } from '../../../wire/index.js';
import { isBytes, printIpv4Word } from '../../../wire/internal.js';
import { bindAddress, describeAddress, describeWidth } from '../../codec/address/bind-address.js';
import type { Scope } from '../../codec/back-end.js';
import { checkLength, tryParse } from '../../codec/encode-bytes.js';
import { type EncodeContext, type ValueEncoder, isPlain, show } from '../../codec/encode-context.js';
import type { Direction, ValueCodec } from '../../codec/kind.js';
import type { AddressSchema, DisplayHint, ValueFields } from '../../codec/value-fields.js';

/** Bytes of the addresses of each hint; `ipv4-or-v6` accepts either width. */
const WIDTHS: Partial<Readonly<Record<DisplayHint, number>>> = { ipv4: 4, ipv6: 16, mac: 6 };

/**
 * An address: the length of the payload selects its form. With the hint `mac`, payloads of any length are link-layer addresses.
 *
 * It is encoded from text or from its bytes. Text in a request must agree with the schema: with the hint, with the address family, with the prefix length.
 * Bytes are sent unchecked.
 *
 * @internal
 */
export const address: ValueCodec = {
  decode(_backEnd, { hint }) {
    const isLink = hint === 'mac';
    return (_words, bytes, start, end) => read(bytes, start, end, isLink);
  },

  source({ text }, { hint }) {
    if (hint === 'mac') return { value: `${text.constant(read)}(bytes, p + 4, p + length, true)` };
    return { value: `${text.constant(readAligned)}(words, bytes, p, length)` };
  },

  memberSource: (text, _names, _value, { size, byte }) => (size === 4 ? `${text.constant(ipv4Text)}(bytes, ${byte})` : undefined),
  encode: (_encoders, value) => addressEncoder(value),
  accepts: isPlain,
};

/** Returns true for the hints of IP addresses. @internal */
export function isInternetHint({ hint }: ValueFields): boolean {
  return hint === 'ipv4' || hint === 'ipv6' || hint === 'ipv4-or-v6';
}

/** Returns true for bytes or a number that are shown as text: addresses and UUIDs. @internal */
export function isAddressText({ type, hint, address }: ValueFields): boolean {
  if (address?.width !== undefined) return true;
  if (hint === undefined || hint === 'hex' || hint === 'base64') return false;
  return type === 'binary' || (type === 'u32' && hint === 'ipv4');
}

/** Writes the type of such a value. An address of 16 bytes may be of a family without text. @internal */
export function addressTypeText(direction: Direction, width?: 16): string {
  if (direction === 'request') return 'AddressInput';
  return width === undefined ? 'string' : 'string | Uint8Array';
}

function read(bytes: Uint8Array, start: number, end: number, isLink: boolean): string | undefined {
  const length = end - start;
  if (length === 4) return ipv4Text(bytes, start);
  if (length === 16) return ipv6Text(bytes, start);
  return length === 6 || isLink ? linkAddressText(bytes, start, length) : undefined;
}

/**
 * Reads the address of an attribute at an aligned offset.
 *
 * One function for all attributes: V8 knows both branches in each decoder as soon as one has seen them.
 */
function readAligned(words: Uint32Array, bytes: Uint8Array, at: number, length: number): string | undefined {
  return length === 8 ? printIpv4Word(words[(at >> 2) + 1]!) : read(bytes, at + 4, at + length, false);
}

/** Returns rules that all have the same properties: V8 compiles the checks again for each form of their rules. */
function rulesOf({ family, prefix, bare, other, anyWidth, ipv6Kinds, width, elsewhere }: AddressSchema): AddressSchema {
  return { family, prefix, bare, other, anyWidth, ipv6Kinds, width, elsewhere } as AddressSchema;
}

function addressEncoder(schema: ValueFields): ValueEncoder {
  const { checks, hint } = schema;
  const rules = schema.address && rulesOf(schema.address);
  const isLink = hint === 'mac';
  const expected = rules?.anyWidth === true || hint === undefined ? undefined : (checks?.exactLength ?? WIDTHS[hint]);
  const hasPrefix = rules?.prefix !== undefined;

  const check = (context: EncodeContext, scope: Scope | undefined, text: string, width: number, length?: number): void => {
    if (context.request === undefined) return;
    if (expected !== undefined && width !== expected) {
      const other = rules?.other === undefined ? '' : `; '${rules.other}' takes ${describeWidth(width)}`;
      context.fail(`${show(text)} is ${describeAddress(text, width)}; expected ${describeWidth(expected)}${other}`);
    }
    if (rules?.ipv6Kinds !== undefined && width === 16 && !isPairs(text)) checkKind(context, scope, rules.ipv6Kinds, text);
    if (rules !== undefined) bindAddress(context, scope, rules, text, width, length);
  };

  return (context, value, scope) => {
    const word = typeof value === 'string' && !isLink && checks === undefined ? plainIpv4(value) : -1;
    if (word >= 0) {
      check(context, scope, value as string, 4);
      const at = context.writer.append(4);
      context.writer.view.setUint32(at, word);
      return;
    }
    if (isBytes(value)) {
      checkLength(context, value.byteLength, checks, 'bytes');
      context.writer.write(value);
      return;
    }
    const { address, length } = splitPrefix(value, hasPrefix && context.request !== undefined);
    const bytes = typeof address === 'string' ? tryParse(address, isLink ? parseLink : parseAny) : undefined;
    if (bytes === undefined || (length !== undefined && !(length <= 8 * bytes.byteLength))) {
      const what = `${isLink ? 'an address' : 'an IP address'}${hasPrefix ? ', with or without a prefix length' : ''}`;
      const remedy = !hasPrefix && typeof value === 'string' && value.includes('/') ? '; it has no prefix length' : '';
      return context.fail(`${show(value)} is not ${what}${remedy}`);
    }
    check(context, scope, value as string, bytes.byteLength, length);
    checkLength(context, bytes.byteLength, checks, 'bytes');
    context.writer.write(bytes);
  };
}

/** The kernel compares the length of a link-layer address with the device's, and ignores bytes beyond it (do_setlink, neigh_add). */
function checkKind(context: EncodeContext, scope: Scope | undefined, kinds: readonly string[], text: string): void {
  const { linkinfo } = (scope?.value ?? {}) as { readonly linkinfo?: { readonly kind?: unknown } };
  const kind = linkinfo?.kind;
  if (typeof kind === 'string' && kinds.includes(kind)) return;
  const remedy =
    kinds.length === 0 ? 'write its bytes if the device is a tunnel' : `set linkinfo.kind if the link is a tunnel (${kinds.join(', ')})`;
  context.fail(`${show(text)} is an IPv6 address; expected a link-layer address; ${remedy}`);
}

/** Splits `'10.60.0.0/16'`; a length that is not a plain number becomes NaN, which fits no address. */
function splitPrefix(value: unknown, allowed: boolean): { readonly address: unknown; readonly length?: number } {
  const slash = allowed && typeof value === 'string' ? value.indexOf('/') : -1;
  if (slash < 0) return { address: value };
  const text = value as string;
  const digits = text.slice(slash + 1);
  return { address: text.slice(0, slash), length: /^(?:0|[1-9]\d{0,2})$/.test(digits) ? Number(digits) : Number.NaN };
}

/** Reads four plain decimal numbers, most of what is written, as one; -1 for anything else, which then is looked at closely. */
function plainIpv4(text: string): number {
  let word = 0;
  let part = -1;
  let parts = 1;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit === -2) {
      if (part < 0) return -1;
      word = word * 256 + part;
      part = -1;
      parts++;
    } else {
      // A leading zero is refused elsewhere: some read it as octal.
      if (digit < 0 || digit > 9 || part === 0) return -1;
      part = part < 0 ? digit : part * 10 + digit;
      if (part > 255) return -1;
    }
  }
  return parts === 4 && part >= 0 ? word * 256 + part : -1;
}

/** IPv4, IPv6, or the six pairs that an attribute for IP addresses shows where 6 bytes came. */
function parseAny(text: string): Uint8Array {
  return /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(text) ? parseLinkAddress(text) : parseIp(text);
}

/** Pairs of digits; a tunnel's link-layer address is an IP address. */
function parseLink(text: string): Uint8Array {
  if (isPairs(text)) return parseLinkAddress(text);
  return tryParse(text, parseIp) ?? parseLinkAddress(text);
}

function isPairs(text: string): boolean {
  return /^(?:[0-9a-f]{2}(?:[:-][0-9a-f]{2})*)?$/i.test(text);
}
