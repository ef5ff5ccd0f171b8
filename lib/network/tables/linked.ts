import type { LinkNames } from '../names/link-names.js';
import type { TableModel, Wanted } from './table-model.js';

type Linked = Pick<TableModel<object>, 'linkFields' | 'moreLinks'>;

/** Returns the names of links in a wanted object or a key. @internal */
export function linksOf({ linkFields, moreLinks }: Linked, wanted: Wanted): readonly string[] {
  const own = linkFields.map((name) => wanted[name]).filter((value) => typeof value === 'string');
  return moreLinks === undefined ? own : [...own, ...moreLinks(wanted)];
}

/** Replaces alternative names of links by their names, as rows are translated. @internal */
export function withLinkNames({ linkFields }: Linked, wanted: Wanted, names: LinkNames): Wanted {
  const renamed = linkFields.flatMap((field) => {
    const given = wanted[field];
    const name = typeof given === 'string' ? names.nameOf(names.indexOf(given) ?? -1) : undefined;
    return name === undefined || name === given ? [] : [[field, name] as const];
  });
  return renamed.length === 0 ? wanted : { ...wanted, ...Object.fromEntries(renamed) };
}
