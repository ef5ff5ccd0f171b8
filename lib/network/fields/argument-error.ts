import { inspect } from 'node:util';
import { kindOf } from '../../check/index.js';

/** The arguments that a table's verbs typically have, for errors about others. @internal */
export interface TypicalArguments {
  /** The properties of a new object, as code. */
  readonly spec: string;
  /** The property that the text of an address alone most likely means; other text is the name of a link. */
  readonly text?: string;
  /** The property that a number alone means. */
  readonly number?: string;
}

/** Text that is an address, and not the name of a link. */
const ADDRESS = /^default$|[.:]/;

/** The verbs whose argument is a new object. */
const WRITERS: ReadonlySet<string> = new Set(['add', 'ensure', 'replace']);

/** The verbs that exist for several objects: `addMany`. */
const MANY: ReadonlySet<string> = new Set([...WRITERS, 'delete']);

/** The verbs with an argument after the key. */
const WITH_SECOND: ReadonlySet<string> = new Set(['change', 'rename', 'move']);

/** The longest text of a key in an error. */
const LONGEST = 80;

/**
 * Returns the error for an argument that is not an object, with the call that the caller most likely means.
 *
 * @param typical - The arguments of the table; undefined if the argument is not an object of a table.
 * @internal
 */
export function argumentError(verb: string, value: unknown, typical?: TypicalArguments): TypeError {
  const found = `${verb}: expected an object, not `;
  if (typical === undefined) return new TypeError(`${found}${kindOf(value)}`);
  const { spec, text, number } = typical;
  const isWriter = WRITERS.has(verb);
  if (Array.isArray(value) && MANY.has(verb)) return new TypeError(`${found}array; for several objects, write ${verb}Many([...])`);
  if (typeof value === 'number' && number !== undefined && !isWriter)
    return new TypeError(`${found}${value}; write ${verb}({ ${number}: ${value} }${WITH_SECOND.has(verb) ? ', ...' : ''})`);
  if (isWriter) return new TypeError(`${found}${shownText(value)}; write ${verb}(${spec})`);
  if (typeof value !== 'string' || text === undefined) return new TypeError(`${found}${kindOf(value)}`);
  return new TypeError(`${found}'${value}'; write { ${ADDRESS.test(value) ? text : 'link'}: '${value}' }`);
}

/** Returns the error for a second argument that is not an object. @param call - The right call. @internal */
export function secondArgumentError(verb: string, value: unknown, call: string): TypeError {
  const problem = value === undefined ? 'the second argument is missing' : `expected an object, not ${shownText(value)}`;
  return new TypeError(`${verb}: ${problem}; write ${call}`);
}

/** Returns a key as code, short enough for an error. @internal */
export function keyText(key: unknown): string {
  if (typeof key === 'string') return `'${key}'`;
  if (typeof key !== 'object' || key === null) return 'key';
  const { name, ...rest } = key as { readonly name?: unknown };
  if (typeof name === 'string' && Object.keys(rest).length === 0) return `'${name}'`;
  const text = inspect(key, { breakLength: Infinity });
  return text.length > LONGEST ? 'key' : text;
}

/**
 * Returns the call of `change` for a key and changes that the caller wrote as one object.
 *
 * @param names - The properties of a key.
 * @internal
 */
export function changeCall(key: unknown, names: readonly string[]): string {
  if (typeof key === 'string') return `change('${key}', { ... })`;
  const properties = Object.entries(key as object);
  const own = Object.fromEntries(properties.filter(([name]) => names.includes(name)));
  const changes = properties.filter(([name]) => !names.includes(name)).map(propertyText);
  return `change(${keyText(own)}, ${changes.length === 0 ? '{ ... }' : `{ ${changes.join(', ')} }`})`;
}

/** Texts and objects are omitted: they may hold a private key. */
function propertyText([name, value]: [name: string, value: unknown]): string {
  return typeof value === 'number' || typeof value === 'boolean' ? `${name}: ${value}` : name;
}

function shownText(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : kindOf(value);
}
