import { stringify } from '../../schema/index.js';

/** Returns JSON in one line, as `stringify` writes it: bytes as hexadecimal digits, integers with all their digits, no key material. */
export function toJson(value: unknown): string {
  return stringify(value);
}
