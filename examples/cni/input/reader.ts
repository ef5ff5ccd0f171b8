import { isIPv4 } from 'node:net';
import { CniError, ErrorCode } from '../errors.js';
import { parseSubnet } from '../addresses/subnet.js';

/** Returns true for an object that is not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the properties of a JSON object; an error names the property and its value. A property that is null is absent. */
export class Reader {
  readonly value: Record<string, unknown>;
  readonly #path: string;
  readonly #isStrict: boolean;

  /** @param isStrict - False to ignore unknown properties, of the objects in it too. */
  constructor(value: Record<string, unknown>, path: string, isStrict: boolean) {
    this.value = value;
    this.#path = path;
    this.#isStrict = isStrict;
  }

  text(key: string): string | undefined {
    return this.#read(key, 'a string', (value) => typeof value === 'string') as string | undefined;
  }

  flag(key: string): boolean {
    return (this.#read(key, 'true or false', (value) => typeof value === 'boolean') as boolean | undefined) ?? false;
  }

  /** Reads an integer. Configurations often write 0 for a default: it is absent. */
  integer(key: string, least: number, most: number): number | undefined {
    const fits = (value: unknown) => Number.isInteger(value) && (value === 0 || (Number(value) >= least && Number(value) <= most));
    const value = this.#read(key, `an integer from ${least} to ${most}`, fits) as number | undefined;
    return value === 0 ? undefined : value;
  }

  linkName(key: string): string | undefined {
    const fits = (value: unknown) => typeof value === 'string' && /^[^\s/:]{1,15}$/.test(value);
    return this.#read(key, 'the name of a link: 1 to 15 characters', fits) as string | undefined;
  }

  address(key: string): string | undefined {
    const fits = (value: unknown) => typeof value === 'string' && isIPv4(value);
    return this.#read(key, 'an IPv4 address', fits) as string | undefined;
  }

  /** Reads a subnet, which must be present. */
  subnet(key: string): string {
    const fits = (value: unknown) => typeof value === 'string' && parseSubnet(value) !== undefined;
    const value = this.#read(key, 'an IPv4 subnet such as 10.1.0.0/24, without bits behind the prefix', fits);
    if (typeof value === 'string') return value;
    throw this.invalid(key, 'an IPv4 subnet such as 10.1.0.0/24');
  }

  child(key: string): Reader | undefined {
    const value = this.#read(key, 'an object', isRecord) as Record<string, unknown> | undefined;
    return value === undefined ? undefined : new Reader(value, `${this.#path}${key}.`, this.#isStrict);
  }

  /** Reads a list of objects; it is empty if the property is absent. */
  children(key: string): Reader[] {
    const fits = (value: unknown) => Array.isArray(value) && value.every(isRecord);
    const values = (this.#read(key, 'a list of objects', fits) ?? []) as Record<string, unknown>[];
    return values.map((value, index) => new Reader(value, `${this.#path}${key}[${index}].`, this.#isStrict));
  }

  /** Rejects a misspelt property, and one that other plugins of this kind know: ignoring it would be a surprise. */
  rejectOthers(...known: readonly (readonly string[])[]): void {
    if (!this.#isStrict) return;
    const others = Object.keys(this.value).filter((key) => !known.flat().includes(key) && !key.startsWith('cni.dev/'));
    const [key] = others;
    if (key === undefined) return;
    const details = `${this.#path}${key} is ${JSON.stringify(this.value[key])}; remove it, this plugin knows ${(known.at(-1) ?? []).join(', ')}`;
    throw new CniError(ErrorCode.UnsupportedField, `unsupported field ${this.#path}${key} in the network configuration`, details);
  }

  invalid(key: string, expected: string): CniError {
    const value = this.value[key];
    const state = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
    return new CniError(
      ErrorCode.InvalidConfiguration,
      'invalid network configuration',
      `${this.#path}${key} ${state}; expected ${expected}`,
    );
  }

  #read(key: string, expected: string, fits: (value: unknown) => boolean): unknown {
    const value = this.value[key] ?? undefined;
    if (value === undefined || fits(value)) return value;
    throw this.invalid(key, expected);
  }
}
