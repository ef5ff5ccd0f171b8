import { SpecError } from '../spec-error.js';

/** Keys for generated C code; they do not affect the wire format. */
const C_ONLY =
  /^(?:doc|header|uapi-header|c-.*|enum-name|.*-cnt-name|.*-max-name|render-max|kernel-policy|kernel-family|config-cond|dont-validate|pre|post|max-by-define|async-prefix|async-enum|name-prefix|scope)$/;

/**
 * A value in a parsed specification with its path, so that every error names the place.
 *
 * @internal
 */
export class SpecNode {
  readonly file: string;
  readonly path: string;
  readonly value: unknown;

  constructor(file: string, path: string, value: unknown) {
    this.file = file;
    this.path = path;
    this.value = value;
  }

  fail(reason: string): never {
    throw new SpecError(this.file, this.path, reason);
  }

  /** Returns true if the mapping has a value under the key. */
  has(key: string): boolean {
    const entry = this.#mapping()[key];
    return entry !== undefined && entry !== null;
  }

  /** Returns the value under a key; fails if there is none. */
  get(key: string): SpecNode {
    return this.has(key) ? this.find(key)! : this.fail(`'${key}' is missing`);
  }

  /** Returns the value under a key, if there is one. */
  find(key: string): SpecNode | undefined {
    if (!this.has(key)) return undefined;
    return new SpecNode(this.file, this.path === '' ? key : `${this.path}.${key}`, this.#mapping()[key]);
  }

  /** Returns the entries of a list under a key, each named by its `name` or `value`; none if the key is missing. */
  list(key: string): SpecNode[] {
    const list = this.find(key);
    if (list === undefined) return [];
    if (!Array.isArray(list.value)) return list.fail('must be a list');
    return list.value.map((entry: unknown, index) => new SpecNode(this.file, `${list.path}[${entryName(entry) ?? index}]`, entry));
  }

  /** Returns the entries of this list. */
  items(): SpecNode[] {
    if (!Array.isArray(this.value)) return this.fail('must be a list');
    return this.value.map((entry: unknown, index) => new SpecNode(this.file, `${this.path}[${index}]`, entry));
  }

  /** Fails at the first key that is neither known here nor for generated C code. */
  allowKeys(...known: readonly string[]): void {
    for (const key of Object.keys(this.#mapping())) {
      if (!known.includes(key) && !C_ONLY.test(key)) this.fail(`'${key}' is not supported here`);
    }
  }

  /** Returns this string. */
  text(): string {
    if (typeof this.value !== 'string' || this.value === '') return this.fail('must be a string that is not empty');
    return this.value;
  }

  /** Returns this integer, within limits. */
  integer(min: number, max: number): number {
    const { value } = this;
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return this.fail('must be an integer');
    if (value < min || value > max) return this.fail(`${value} is out of range; expected ${min} to ${max}`);
    return value;
  }

  /** Returns the string under a key. */
  textOf(key: string): string {
    return this.get(key).text();
  }

  /** Returns the string under a key, if there is one. */
  findText(key: string): string | undefined {
    return this.find(key)?.text();
  }

  /** Returns the boolean under a key; false if it is missing. */
  isTrue(key: string): boolean {
    const flag = this.find(key);
    if (flag === undefined) return false;
    return typeof flag.value === 'boolean' ? flag.value : flag.fail('must be true or false');
  }

  /** Returns `true` for an entry that is true, and `undefined` for one that is false or missing. */
  flag(key: string): true | undefined {
    return this.isTrue(key) || undefined;
  }

  /** Returns the string under a key, one of the allowed ones. */
  choice<const Choice extends string>(key: string, choices: readonly Choice[]): Choice {
    const node = this.get(key);
    return choices.find((choice) => choice === node.value) ?? node.fail(`'${String(node.value)}' is not supported`);
  }

  #mapping(): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail('must be a mapping');
    return value as Record<string, unknown>;
  }
}

function entryName(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { name, value } = entry as { name?: unknown; value?: unknown };
  if (typeof name === 'string') return name;
  return typeof value === 'string' ? value : undefined;
}
