import { kinds } from '../../../links/kinds/kinds.js';
import type { Wanted } from '../../../tables/table-model.js';

/** The properties of a new link in two parts. @internal */
export interface SplitLink {
  /** The properties with which the link can be created. */
  readonly first: Wanted;
  /** The others, with the name and the kind; undefined if there are none. */
  readonly later: Wanted | undefined;
}

/**
 * Separates the options of a new link that name its own ports, such as the primary port of a bond: a port needs its master, and the
 * option needs the port.
 *
 * @param isPort - Returns true for the name of a port of the link.
 * @internal
 */
export function splitPortOptions(wanted: Wanted, isPort: (name: string) => boolean): SplitLink {
  const { name, kind } = wanted as { readonly name: string; readonly kind?: string };
  const options = (kind === undefined ? undefined : wanted[kind]) as Wanted | undefined;
  const table = kinds.get(kind ?? '')?.options ?? {};
  const entries = Object.entries(options ?? {});
  const isLater = ([option, value]: readonly [string, unknown]): boolean =>
    table[option]?.names === 'link' && typeof value === 'string' && isPort(value);
  const later = entries.filter(isLater);
  if (later.length === 0) return { first: wanted, later: undefined };
  const rest = Object.fromEntries(entries.filter((entry) => !isLater(entry)));
  return { first: { ...wanted, [kind!]: rest }, later: { name, kind, [kind!]: Object.fromEntries(later) } };
}
