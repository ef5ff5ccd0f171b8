import type { FamilySchema } from '../../lib/schema/descriptor/descriptor.js';
import { evaluate, preprocess } from './compile.js';
import type { HeaderNames } from './header-names.js';
import { attributeExpressions } from './probe.js';

/** An attribute that the headers have and the descriptor lacks. */
export interface Lacking {
  readonly family: string;
  /** The sets that have the other attributes of its enum. */
  readonly sets: readonly string[];
  readonly enumerator: string;
  readonly value: number;
}

/** Enumerators that are not attributes: the first, bounds, and padding. */
const NO_ATTRIBUTE = /^_|_(UNSPEC|MAX|PAD\d*)$/;

const ENUM = /\benum\b[^;{()]*\{([^}]*)\}/g;

/** Returns the enums of the headers, each as the names of its enumerators. */
export function headerEnums(headers: readonly string[]): string[][] {
  return [...preprocess(headers).matchAll(ENUM)].map(([, body = '']) =>
    body.split(',').flatMap((entry) => /^\s*(\w+)/.exec(entry)?.[1] ?? []),
  );
}

/**
 * Returns the attributes that the headers have in the enum of a set, with the set's prefix, and that the descriptor lacks.
 *
 * Sets that share an enum are compared together: an attribute of one of them is not lacking.
 */
export function lackingAttributes(schema: FamilySchema, names: HeaderNames): Lacking[] {
  const sets = attributeExpressions(schema, names).filter(({ name }) => names.excerpts?.includes(name) !== true);
  const found = headerEnums(names.headers).flatMap((enumerators) => {
    const members = new Set(enumerators);
    const served = sets.filter(({ expressions }) => expressions.some((expression) => members.has(expression)));
    const ids = new Set(served.flatMap((set) => set.ids));
    return enumerators
      .filter((name) => !NO_ATTRIBUTE.test(name) && served.some(({ prefix }) => name.startsWith(prefix)))
      .map((enumerator) => ({ enumerator, ids, sets: served.map(({ name }) => name) }));
  });
  const values = evaluate(
    names.headers,
    found.map(({ enumerator }) => enumerator),
  );
  return found.flatMap(({ enumerator, ids, sets: served }, index) => {
    const value = Number(values[index]);
    return ids.has(value) ? [] : [{ family: schema.source, sets: served, enumerator, value }];
  });
}
