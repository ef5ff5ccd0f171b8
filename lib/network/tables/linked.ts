import type { LinkNames } from '../names/link-names.js';
import type { TableModel, Wanted } from './table-model.js';

type Linked = Pick<TableModel<object>, 'linkFields' | 'moreLinks' | 'renameLinks'>;

/** Returns the names of links in a wanted object or a key. @internal */
export function linksOf({ linkFields, moreLinks }: Linked, wanted: Wanted): readonly string[] {
  const own = linkFields.map((name) => wanted[name]).filter((value) => typeof value === 'string');
  return moreLinks === undefined ? own : [...own, ...moreLinks(wanted)];
}

/** Replaces alternative names of links by their names, as rows are translated. @internal */
export function withLinkNames({ linkFields, renameLinks }: Linked, given: Wanted, names: LinkNames): Wanted {
  const wanted = renameLinks?.(given, (link) => names.nameOf(names.indexOf(link) ?? -1) ?? link) ?? given;
  const renamed = linkFields.flatMap((field) => {
    const link = wanted[field];
    const name = typeof link === 'string' ? names.nameOf(names.indexOf(link) ?? -1) : undefined;
    return name === undefined || name === link ? [] : [[field, name] as const];
  });
  return renamed.length === 0 ? wanted : { ...wanted, ...Object.fromEntries(renamed) };
}
