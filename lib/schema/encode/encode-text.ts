import { EncodeError } from '../../errors/index.js';
import { encodeText, hostIsLittleEndian, parseIpv4, parseIpv6 } from '../../wire/index.js';
import { isBytes } from '../../wire/internal.js';
import { AddressFamily } from '../decode/decode-primitives.js';
import type { CheckSchema } from '../descriptor/descriptor.js';
import { parseBase64 } from './base64.js';
import { type EncodeContext, type ValueEncoder, kindOf, show } from './encode-context.js';

/** Appends bytes as they are, or base64 text as the bytes that it stands for. @internal */
export function bytesEncoder(checks: CheckSchema | undefined, base64: boolean): ValueEncoder {
  return (context, given) => {
    const value = base64 && typeof given === 'string' ? (parseBase64(given) ?? given) : given;
    if (!isBytes(value)) return context.fail(`${kindOf(value)} is not a Uint8Array`);
    checkLength(context, value.byteLength, checks, 'bytes');
    context.writer.write(value);
  };
}

/** Appends text with a NUL behind it. @internal */
export function stringEncoder(checks: CheckSchema | undefined): ValueEncoder {
  return (context, value) => {
    if (typeof value !== 'string') return context.fail(`${show(value)} is not a string`);
    if (value.includes('\0')) return context.fail('a NUL would end the string');
    if (/\p{Surrogate}/u.test(value)) return context.fail(`${show(value)} has half of a surrogate pair`);
    const encoded = encodeText(value);
    const length = encoded.byteLength - 1;
    checkLength(context, length, checks, 'bytes of text');
    const bare = checks?.unterminatedOk === true && length === checks.maxLength;
    context.writer.write(bare ? encoded.subarray(0, length) : encoded);
  };
}

/** Appends a UUID, given as text or as its 16 bytes. @internal */
export function uuidEncoder(checks: CheckSchema | undefined): ValueEncoder {
  return parsed('a UUID', checks, (value) => {
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return undefined;
    return Uint8Array.from(value.replaceAll('-', '').match(/../g)!, (pair) => Number.parseInt(pair, 16));
  });
}

/** Appends a `sockaddr_in` or `sockaddr_in6`, given as `'192.0.2.1:51820'`, `'[2001:db8::1]:51820'` or as bytes. @internal */
export function socketAddressEncoder(checks: CheckSchema | undefined): ValueEncoder {
  return parsed('an address with a port', checks, (value) => {
    const match = /^(?:\[(?<inner>[^\]%]+)(?:%(?<zone>\d{1,10}))?\]|(?<outer>[^:]+)):(?<port>\d{1,5})$/.exec(value)?.groups;
    if (match === undefined || Number(match['port']) > 0xffff || Number(match['zone'] ?? 0) > 0xffff_ffff) return undefined;
    const { inner, outer = '', zone = '0', port } = match;
    const bytes = new Uint8Array(inner === undefined ? 16 : 28);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, inner === undefined ? AddressFamily.Inet : AddressFamily.Inet6, hostIsLittleEndian);
    view.setUint16(2, Number(port));
    if (inner === undefined) bytes.set(parseIpv4(outer), 4);
    else {
      bytes.set(parseIpv6(inner), 8);
      view.setUint32(24, Number(zone), hostIsLittleEndian);
    }
    return bytes;
  });
}

function parsed(what: string, checks: CheckSchema | undefined, parse: (text: string) => Uint8Array | undefined): ValueEncoder {
  return (context, value) => {
    const bytes = isBytes(value) ? value : typeof value === 'string' ? tryParse(value, parse) : undefined;
    if (bytes === undefined) return context.fail(`${show(value)} is not ${what}`);
    checkLength(context, bytes.byteLength, checks, 'bytes');
    context.writer.write(bytes);
  };
}

/** Parses a text; undefined if it is not one of the kind. @internal */
export function tryParse(text: string, parse: (text: string) => Uint8Array | undefined): Uint8Array | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof EncodeError) return undefined;
    throw error;
  }
}

/** Checks a length against a schema's limits. @internal */
export function checkLength(context: EncodeContext, length: number, checks: CheckSchema | undefined, what: string): void {
  if (checks === undefined) return;
  const { exactLength, minLength, maxLength } = checks;
  if (exactLength !== undefined && length !== exactLength) context.fail(`${length} ${what} instead of ${exactLength}`);
  if (minLength !== undefined && length < minLength) context.fail(`${length} ${what} are fewer than ${minLength}`);
  if (maxLength !== undefined && length > maxLength) context.fail(`${length} ${what} are more than ${maxLength}`);
}
