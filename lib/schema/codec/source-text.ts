/**
 * Generated source and the values to which it refers.
 *
 * Generated source contains only text of this library, checked integers, and names as quoted strings. Everything else is
 * passed as a value.
 *
 * @internal
 */
export class SourceText {
  readonly #lines: string[] = [];
  readonly #constants: unknown[] = [];
  #locals = 0;

  line(text: string): void {
    this.#lines.push(text);
  }

  /** Adds a value; returns its name in the source. */
  constant(value: unknown): string {
    const known = this.#constants.indexOf(value);
    return `c${known < 0 ? this.#constants.push(value) - 1 : known}`;
  }

  /** Returns the name of a new variable. */
  local(): string {
    return `v${this.#locals++}`;
  }

  /**
   * Compiles the source as the body of a function and returns the function's result.
   *
   * @param title - The name in debuggers and profiles.
   * @throws EvalError if the program forbids code from strings.
   */
  compile<T>(title: string): T {
    const names = this.#constants.map((_, index) => `c${index}`);
    const url = title.replaceAll(/[^a-zA-Z0-9._/+-]/g, '_');
    const source = `'use strict';\n${this.#lines.join('\n')}\n//# sourceURL=rxnetlink/${url}.js`;
    return new Function(...names, source)(...this.#constants) as T;
  }
}

/** Writes a name as a quoted string; no character in it can end the quotes or the line. @internal */
export function quote(name: string): string {
  return JSON.stringify(name).replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Writes an integer. @throws TypeError for any other value: a descriptor may come from outside. @internal */
export function integer(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new TypeError(`schema: ${String(value)} is not a size or the number of an attribute; expected a non-negative integer`);
  return String(value);
}

/** Writes the statement that gives an object a property of its own, whatever the name. @internal */
export function assign(object: string, name: string, value: string): string {
  return name === '__proto__'
    ? `Object.defineProperty(${object}, ['__proto__'][0], { value: ${value}, writable: true, enumerable: true, configurable: true });`
    : `${object}[${quote(name)}] = ${value};`;
}
