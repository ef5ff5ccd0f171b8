/**
 * Source under construction, and the values it refers to.
 *
 * Only three things get into generated source: text of this library's own, integers that were checked, and names as quoted
 * strings. Everything else is handed in as a value.
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

  /** Hands a value in; returns the name under which the source finds it. */
  constant(value: unknown): string {
    const known = this.#constants.indexOf(value);
    return `c${known < 0 ? this.#constants.push(value) - 1 : known}`;
  }

  /** A name for a variable. */
  local(): string {
    return `v${this.#locals++}`;
  }

  /**
   * Compiles: the source is the body of a function that returns the result.
   *
   * @param title - What debuggers and profiles show.
   * @throws EvalError where the program forbids code from strings.
   */
  compile<T>(title: string): T {
    const names = this.#constants.map((_, index) => `c${index}`);
    const url = title.replaceAll(/[^a-zA-Z0-9._/+-]/g, '_');
    const source = `'use strict';\n${this.#lines.join('\n')}\n//# sourceURL=rxnetlink/${url}.js`;
    return new Function(...names, source)(...this.#constants) as T;
  }
}

/** A name as source: quoted, with nothing in it that could end the quotes or the line. @internal */
export function quote(name: string): string {
  return JSON.stringify(name).replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** An integer as source. @throws TypeError for anything else: numbers of a descriptor come from outside, too. @internal */
export function integer(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new TypeError(`${String(value)} in a schema is no number of bytes and no attribute's`);
  return String(value);
}

/** Source that gives an object a property, as its own whatever the name. @internal */
export function assign(object: string, name: string, value: string): string {
  return name === '__proto__'
    ? `Object.defineProperty(${object}, ['__proto__'][0], { value: ${value}, writable: true, enumerable: true, configurable: true });`
    : `${object}[${quote(name)}] = ${value};`;
}
