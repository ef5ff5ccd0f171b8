import { isConcealed, isSecret, secretText } from '../../../schema/internal.js';
import { hexText } from '../../../wire/internal.js';

/** Returns a decoded value as plain data: bytes as hexadecimal digits, and of key material the length only. */
export function plainValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isSecret(value)) return secretText(value);
  if (ArrayBuffer.isView(value)) return hexText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (Array.isArray(value)) return value.map(plainValue);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, isConcealed(value, name) ? secretText(undefined) : plainValue(member)]),
  );
}
