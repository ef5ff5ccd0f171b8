/** Patterns of the names of links, with `*` and `?`. */
export interface DevicePatterns {
  /** A link needs one of these patterns; all links have it if the list is omitted. */
  readonly include?: readonly string[];
  /** A link with one of these patterns is omitted, also if it is included. */
  readonly exclude?: readonly string[];
}

/** Returns true for the name of a link whose metrics are wanted. */
export type DeviceFilter = (name: string) => boolean;

/** The kernel accepts no name with one of these characters (`dev_valid_name`). */
const IMPOSSIBLE = /[/:\s]/;

/** Returns a filter by patterns. @throws TypeError if a pattern cannot match any link */
export function deviceFilter({ include, exclude = [] }: DevicePatterns): DeviceFilter {
  const included = include?.map(expressionOf);
  const excluded = exclude.map(expressionOf);
  const matches = (name: string) => (expression: RegExp) => expression.test(name);
  return (name) => (included === undefined || included.some(matches(name))) && !excluded.some(matches(name));
}

function expressionOf(pattern: string): RegExp {
  if (pattern === '' || IMPOSSIBLE.test(pattern))
    throw new TypeError(`'${pattern}': expected the name of a link, in which * stands for any characters and ? for one`);
  const source = pattern.replaceAll(/[\\^$.*+?()[\]{}|]/g, (character) => {
    if (character === '*') return '.*';
    return character === '?' ? '.' : `\\${character}`;
  });
  return new RegExp(`^${source}$`, 'su');
}
