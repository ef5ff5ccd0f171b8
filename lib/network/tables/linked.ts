import { withProperties } from '../common/with-properties.js';
import type { LinkNames } from '../names/link-names.js';
import type { TableModel, Wanted } from './table-model.js';

type Linked = Pick<TableModel<object>, 'linkFields' | 'moreLinks' | 'renameLinks'>;

const NONE: readonly string[] = [];

/** Returns the names of links in a wanted object or a key. @internal */
export function linksOf({ linkFields, moreLinks }: Linked, wanted: Wanted): readonly string[] {
  const more = moreLinks?.(wanted) ?? NONE;
  let links: string[] | undefined;
  for (let index = 0; index < linkFields.length; index++) {
    const link = wanted[linkFields[index]!];
    // Tables of many routes have one link each, or none.
    if (typeof link === 'string') (links ??= []).push(link);
  }
  if (links === undefined) return more;
  return more.length === 0 ? links : [...links, ...more];
}

/** Replaces alternative names of links by their names, as rows are translated. @internal */
export function withLinkNames({ linkFields, renameLinks }: Linked, given: Wanted, names: LinkNames): Wanted {
  const wanted = renameLinks === undefined ? given : renameLinks(given, names.canonical);
  let renamed: Record<string, unknown> | undefined;
  for (let index = 0; index < linkFields.length; index++) {
    const field = linkFields[index]!;
    const link = wanted[field];
    const name = typeof link === 'string' ? names.nameOf(names.indexOf(link) ?? -1) : undefined;
    if (name !== undefined && name !== link) renamed = withProperties(renamed ?? wanted, { [field]: name });
  }
  return renamed ?? wanted;
}
