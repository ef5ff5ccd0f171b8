import type { Link } from '../../links/link.js';
import type { NetworkDocument, Ownership } from '../document.js';
import type { ListTable, ParsedDocument, ProtocolTable } from '../parse/parsed-document.js';
import type { DocumentModels, State } from '../plan/planned-change.js';
import { exportLinks } from './export-links.js';
import { exportList } from './export-lists.js';
import { exportProtocolTable } from './export-routing.js';
import { exportTrees } from './export-trees.js';
import type { ExportTable } from './export.js';

const LISTS: readonly ListTable[] = ['addresses', 'neighbours', 'fdb'];

const TABLES: readonly ProtocolTable[] = ['routes', 'rules', 'nexthops'];

/** Returns the document of a state. @param owned - The checked ownership. @internal */
export function exportDocument(
  models: DocumentModels,
  state: State,
  only: readonly ExportTable[] | undefined,
  owns: Ownership | undefined,
  { protocol, group: ownedGroup }: ParsedDocument['owns'],
): NetworkDocument {
  const has = (table: ExportTable): boolean => only === undefined || only.includes(table);
  // Indexes, and with them the order of the kernel, differ between equal namespaces.
  const links = [...((state.objects.links ?? []) as readonly Link[])].sort((one, other) => (one.name < other.name ? -1 : 1));
  const described = exportLinks(links);
  const entries = links.flatMap((link) => {
    const own = has('links') ? described.get(link)! : {};
    const group = has('links') && ownedGroup !== undefined && link.group !== ownedGroup ? { group: link.group } : {};
    const lists = LISTS.filter(has).map((table) => [table, exportList(models, state, table, link)] as const);
    const entry = {
      ...own,
      ...group,
      ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)),
      ...(has('qdiscs') && exportTrees(models, state, link)),
    };
    return Object.keys(entry).length === 0 ? [] : [{ name: link.name, ...entry }];
  });
  const tables = TABLES.filter(has).map((table) => [table, exportProtocolTable(models, state, table, protocol)] as const);
  return {
    version: 1,
    ...(entries.length > 0 && { links: entries }),
    ...Object.fromEntries(tables.filter(([, list]) => list.length > 0 || protocol !== undefined)),
    ...(owns !== undefined && { owns }),
  } as NetworkDocument;
}
