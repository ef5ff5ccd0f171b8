import { Row, withRow } from '../../common/written.js';
import type { Link } from '../../links/link.js';
import { LinkNames } from '../../names/link-names.js';
import type { DocumentModels, DocumentTable, State } from '../plan/planned-change.js';

/** Returns a state with the names that links will have. @param renames - The new names by the index of the link. @internal */
export function renamedState(models: DocumentModels, state: State, renames: ReadonlyMap<number, string>): State {
  if (renames.size === 0) return state;
  const links = (state.objects.links ?? []) as readonly Link[];
  const names = new LinkNames(
    links.map(({ [Row]: row }) => {
      const ifname = renames.get(row.ifiIndex) ?? row.ifname!;
      // A new name cannot be an alternative name too.
      const altIfname = (row.propList?.altIfname ?? []).filter((name) => name !== ifname);
      return { ...(row.address !== undefined && { address: row.address }), ifiIndex: row.ifiIndex, ifname, propList: { altIfname } };
    }),
  );
  const remade = (table: DocumentTable, objects: readonly object[]): readonly object[] =>
    objects.flatMap((object) => models[table].fromRow((object as { readonly [Row]: object })[Row], names) ?? []);
  const others = Object.entries(state.objects).filter(([table]) => table !== 'links') as [DocumentTable, readonly object[]][];
  return {
    names,
    vrfTables: state.vrfTables,
    objects: {
      links: links.map((link) => renamedLink(models, link, names)),
      ...Object.fromEntries(others.map(([table, objects]) => [table, remade(table, objects)])),
    },
  };
}

/** Returns the options of a kind: those that were made again, and parts that the row lacks, also of a peer. */
function options(given: unknown, made: unknown): object {
  const [before, now] = [given, made] as readonly { readonly peer?: object }[];
  return { ...before, ...now, ...(now?.peer !== undefined && { peer: { ...before?.peer, ...now.peer } }) };
}

/** The parts of a link that its row lacks are kept. */
function renamedLink(models: DocumentModels, link: Link, names: LinkNames): Link {
  const { [Row]: row } = link;
  const made = models.links.fromRow(row, names) as unknown as Readonly<Record<string, unknown>>;
  const given = link as unknown as Readonly<Record<string, unknown>>;
  const name = names.nameOf(link.index)!;
  const kind = link.kind !== undefined && given[link.kind] !== undefined ? { [link.kind]: options(given[link.kind], made[link.kind]) } : {};
  const altnames = link.altnames?.filter((each) => each !== name);
  return withRow(
    { ...given, ...made, ...kind, name, ...(altnames !== undefined && altnames.length > 0 && { altnames }) },
    row,
  ) as unknown as Link;
}
