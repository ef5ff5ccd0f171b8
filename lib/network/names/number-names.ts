import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suggestion } from '../../check/index.js';
import { FieldError } from '../common/field-error.js';
import { shown, type Check } from '../fields/check.js';

/** Folders with the files of iproute2; later ones win. */
const FOLDERS: readonly string[] = ['/usr/share/iproute2', '/usr/lib/iproute2', '/etc/iproute2'];

/** Names of numbers, such as those of routing tables. @internal */
export class NumberNames {
  readonly #names = new Map<number, string>();
  readonly #numbers = new Map<string, number>();
  readonly #noun: string;
  readonly #most: number;
  readonly #zero: string | undefined;

  /**
   * @param noun - One number in words, for errors: `routing table`.
   * @param most - The largest number.
   * @param known - Names that the kernel defines.
   * @param zero - The reason why 0 is not accepted, with the remedy; omitted if it is.
   */
  constructor(noun: string, most: number, known: Readonly<Record<string, number>>, zero?: string) {
    this.#noun = noun;
    this.#most = most;
    this.#zero = zero;
    for (const [name, number] of Object.entries(known)) this.add(name, number);
  }

  /** Adds a name; the last name of a number is the one that readers return. */
  add(name: string, number: number): void {
    this.#names.set(number, name);
    this.#numbers.set(name, number);
  }

  /** Adds the names of a file of iproute2, `rt_tables`, and of the files in its `.d` folder. Files that do not exist are ignored. */
  addFiles(file: string, folders: readonly string[] = FOLDERS): this {
    for (const folder of folders) {
      for (const path of [join(folder, file), ...filesIn(join(folder, `${file}.d`))]) {
        for (const [number, name] of readNames(path)) this.add(name, number);
      }
    }
    return this;
  }

  /** Returns true for a known name. */
  has(name: string): boolean {
    return this.#numbers.has(name);
  }

  /** Returns the name of a number, or the number if it has none. */
  nameOf(number: number): string | number {
    return this.#names.get(number) ?? number;
  }

  /** Returns the number of a name that `check` has accepted. */
  numberOf(name: string | number): number {
    return typeof name === 'number' ? name : this.#numbers.get(name)!;
  }

  /** The names. */
  get all(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  /** Accepts a name or a number; returns the name of a number that has one. */
  get check(): Check<string | number> {
    return (value, path) => {
      if (this.#zero !== undefined && (value === 0 || (typeof value === 'string' && this.#numbers.get(value) === 0)))
        throw new FieldError(path, `${shown(value)} is not a ${this.#noun}: ${this.#zero}`);
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= this.#most) return this.nameOf(value);
      if (typeof value === 'string' && this.#numbers.has(value)) return this.nameOf(this.#numbers.get(value)!);
      if (typeof value !== 'string')
        throw new FieldError(path, `expected a ${this.#noun}: a name, or a number up to ${this.#most}, not ${shown(value)}`);
      const isNumber = /^\d+$/.test(value) && Number(value) <= this.#most;
      const hint = isNumber ? `; write the number ${Number(value)}` : suggestion(value, this.#numbers.keys(), '; ');
      throw new FieldError(path, `no ${this.#noun} is named '${value}'${hint}`, 'unknown-name');
    };
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.conf'))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Reads lines of a number, decimal or hexadecimal, and a name. */
function readNames(path: string): (readonly [number, string])[] {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return [...content.matchAll(/^\s*(0x[0-9a-fA-F]+|\d+)\s+([^\s#]+)/gm)].map(([, number, name]) => [Number(number), name!] as const);
}
