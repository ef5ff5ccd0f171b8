import { kindOf } from '../../check/index.js';
import { FieldError } from '../common/field-error.js';
import { shown, type Check } from '../fields/check.js';

/** 32 bytes as base64: 42 characters, one whose last two bits are 0, and the padding. */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** Accepts a public key. @internal */
export const publicKey: Check<string> = (value, path) => {
  if (typeof value === 'string' && KEY.test(value)) return value;
  throw new FieldError(path, `expected a key of 32 bytes as base64 text of 44 characters, not ${shown(value)}`);
};

/** Accepts a key that must not be in the text of an error. @internal */
export const secretKey: Check<string> = (value, path) => {
  if (typeof value === 'string' && KEY.test(value)) return value;
  const given = typeof value === 'string' ? `text of ${value.length} characters` : kindOf(value);
  throw new FieldError(path, `expected a key of 32 bytes as base64 text of 44 characters, not ${given}`);
};

/** Returns a key of the kernel as text; undefined for zeroes, which mean that there is none. @internal */
export function keyText(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined || bytes.every((byte) => byte === 0) ? undefined : Buffer.from(bytes).toString('base64');
}

/** Returns a key for the kernel; `null` is zeroes. @internal */
export function keyBytes(key: string | null): Uint8Array {
  return key === null ? new Uint8Array(32) : Uint8Array.from(Buffer.from(key, 'base64'));
}

/** The DER form of an X25519 private key without its 32 bytes (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** Returns the public key of a private one, as base64 text; undefined for none. @internal */
export function publicKeyOf(privateKey: unknown): string | undefined {
  if (typeof privateKey !== 'string') return undefined;
  const der = Buffer.concat([PKCS8, Buffer.from(privateKey, 'base64')]);
  // Imported at the top of the file, it would be a twentieth of the time to import the network.
  const { createPrivateKey, createPublicKey } = process.getBuiltinModule('node:crypto');
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
}
