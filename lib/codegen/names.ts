/** What separates words in the kernel's names. */
const SEPARATOR = /[-_\s]+/;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Names that a generated module uses for what they are everywhere. */
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
 * The property of an attribute or member: its name in camelCase.
 *
 * A leading run of capitals becomes lower case as a whole (`DPs` is `dps`); other characters stay, so that the result may be no
 * identifier (`4addr`).
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

/** A name in PascalCase, with nothing but letters, digits and underscores; an identifier. @internal */
export function pascalCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const text = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  return /^[A-Za-z]/.test(text) ? text : `_${text}`;
}

/** A text as a TypeScript literal, whatever is in it. @internal */
export function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'").replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** A key of an object literal; `__proto__` is computed, for it would set the prototype. @internal */
export function valueKey(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return IDENTIFIER.test(name) ? name : quote(name);
}

/** A key of an interface. @internal */
export function typeKey(name: string): string {
  return IDENTIFIER.test(name) ? name : quote(name);
}

/**
 * Hands out the names of a module's exports, each once.
 *
 * @internal
 */
export class NameTable {
  readonly #taken = new Set<string>(TAKEN);

  /** The first of the candidates that is free; else the last one with a number behind it. */
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
