import { isIP } from 'node:net';
import type { NetworkDocument } from 'rxnetlink/network';
import type { Config, Uplink } from './config.js';

type DocumentRoute = NonNullable<NetworkDocument['routes']>[number];
type DocumentRule = NonNullable<NetworkDocument['rules']>[number];

/** The last route of a table. Without it, a packet that finds no route would go on to the default route of the other uplink. */
const LAST_METRIC = 2 ** 32 - 1;

/**
 * Returns the routes and rules that shall exist.
 *
 * Each uplink has a table, and two rules for packets from its address: the routes of the host first, except its default route, then the
 * table of the uplink.
 *
 * @param isUsable - Of each uplink, whether the kernel accepts routes over its link.
 * @param choice - The place of the uplink of the default route; undefined for none.
 */
export function documentOf(config: Config, isUsable: readonly boolean[], choice: number | undefined): NetworkDocument {
  const { uplinks, metric } = config;
  const chosen = choice !== undefined && isUsable[choice] === true ? uplinks[choice] : undefined;
  return {
    version: 1,
    owns: ownedBy(config),
    rules: uplinks.flatMap((uplink, place) => rulesOf(uplink, config.priority + 2 * place)),
    routes: [
      ...uplinks.flatMap((uplink, place) => tableOf(uplink, isUsable[place] === true)),
      ...(chosen === undefined ? [] : [{ ...wayOf(chosen), metric }]),
    ],
  };
}

/** Returns the document that deletes everything that the program has written. */
export function emptyDocument(config: Config): NetworkDocument {
  return { version: 1, owns: ownedBy(config), rules: [], routes: [] };
}

function ownedBy({ protocol, uplinks }: Config): NonNullable<NetworkDocument['owns']> {
  return { protocol, tables: ['main', ...uplinks.map(({ table }) => table)] };
}

function rulesOf({ source: from, table }: Uplink, priority: number): readonly DocumentRule[] {
  return [
    { from, priority, table: 'main', suppressPrefixLength: 0 },
    { from, priority: priority + 1, table },
  ];
}

function tableOf(uplink: Uplink, isUsable: boolean): readonly DocumentRoute[] {
  const { table, via } = uplink;
  const last: DocumentRoute = { to: 'default', family: isIP(via) === 6 ? 6 : 4, type: 'unreachable', table, metric: LAST_METRIC };
  return isUsable ? [{ ...wayOf(uplink), table }, last] : [last];
}

function wayOf({ via, link, source }: Uplink): Extract<DocumentRoute, { readonly absent?: never }> {
  return { to: 'default', via, link, source };
}
