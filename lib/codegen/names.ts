/** The separators of words in the kernel's names. */
const SEPARATOR = /[-_\s]+/;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Global names that a generated module uses. */
const TAKEN: readonly string[] = [
  'Array',
  'BigInt',
  'Boolean',
  'Bitfield32',
  'AddressInput',
  'KeyInput',
  'Exclude',
  'Function',
  'Map',
  'Number',
  'Object',
  'Omit',
  'Partial',
  'Pick',
  'Promise',
  'Readonly',
  'Record',
  'Set',
  'String',
  'Symbol',
  'TypedFamilySchema',
  'Uint8Array',
  'UndescribedName',
  'WithUnknown',
];

/**
 * Returns the property of an attribute or member: its name in camelCase.
 *
 * A leading run of capitals is converted to lower case as a whole (`DPs` is `dps`). Other characters stay, so the result may not be
 * an identifier (`4addr`).
 *
 * @returns An empty text if the name consists of separators only.
 * @internal
 */
export function camelCase(name: string): string {
  const words = name.split(SEPARATOR).filter((word) => word !== '');
  return words.map((word, index) => (index === 0 ? lowerFirst(word) : word[0]!.toUpperCase() + word.slice(1))).join('');
}

function lowerFirst(word: string): string {
  const run = /^[A-Z]+/.exec(word)?.[0] ?? '';
  return run.toLowerCase() + word.slice(run.length);
}

/** Returns a name in PascalCase that is an identifier: only letters, digits and underscores. @internal */
export function pascalCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const text = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  return /^[A-Za-z]/.test(text) ? text : `_${text}`;
}

/** Returns any text as a TypeScript literal. @internal */
export function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'").replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** Returns a key of an object literal; `__proto__` is computed, because it would set the prototype. @internal */
export function valueKey(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return IDENTIFIER.test(name) ? name : quote(name);
}

/** Returns a key of an interface. @internal */
export function typeKey(name: string): string {
  return IDENTIFIER.test(name) ? name : quote(name);
}

/**
 * Assigns the names of the exports of a module, each once.
 *
 * @internal
 */
export class NameTable {
  readonly #taken = new Set<string>(TAKEN);

  /** Returns the first free candidate, else the last one with a number appended. */
  take(...candidates: readonly string[]): string {
    const last = candidates.at(-1)!;
    let name = candidates.find((candidate) => !this.#taken.has(candidate));
    for (let number = 2; name === undefined; number++) {
      if (!this.#taken.has(`${last}${number}`)) name = `${last}${number}`;
    }
    this.#taken.add(name);
    return name;
  }
}
