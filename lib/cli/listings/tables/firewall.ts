import { map, mergeMap, of } from 'rxjs';
import { FirewallTables } from '../../../network/firewall/verbs/firewall-verbs.js';
import { openTables, type SomeTables } from '../../../network/open-tables.js';
import type { FirewallChain, FirewallTable } from '../../../network/index.js';
import type { Listing } from '../listing.js';
import { polled } from '../polled.js';

/** A chain with its table; a table without chains is one line too. */
interface ListedChain {
  readonly table: FirewallTable;
  readonly chain?: FirewallChain;
}

type FirewallListing = Listing<ListedChain, SomeTables<{ readonly firewall: FirewallTables }>>;

const read: FirewallListing['list'] = (net, filter) =>
  net.firewall
    .list(filter)
    .pipe(
      map((tables) => tables.flatMap((table) => (table.chains?.length ? table.chains.map((chain) => ({ table, chain })) : [{ table }]))),
    );

/** Rejects the name of a table that does not exist, as the other tables do with a link. */
const list: FirewallListing['list'] = (net, filter) =>
  read(net, filter).pipe(
    mergeMap((chains) => {
      const { name } = filter;
      return chains.length > 0 || typeof name !== 'string' ? of(chains) : net.firewall.requireTable(name).pipe(map(() => chains));
    }),
  );

/** `rxnetlink firewall`: the chains of nftables, as `nft list chains` has them, with the number of their rules. */
export const listing: FirewallListing = {
  word: 'name',
  columns: [
    { title: 'FAMILY', isKey: true, text: ({ table }) => table.family },
    { title: 'TABLE', isKey: true, text: ({ table }) => table.name },
    { title: 'CHAIN', isKey: true, text: ({ chain }) => chain?.name },
    { title: 'TYPE', text: ({ chain }) => (chain?.hook === undefined ? undefined : (chain.type ?? 'filter')) },
    { title: 'HOOK', text: ({ chain }) => chain?.hook },
    { title: 'PRIORITY', text: ({ chain }) => chain?.priority, align: 'right' },
    { title: 'POLICY', text: ({ chain }) => chain?.policy, colour: ({ chain }) => (chain?.policy === 'drop' ? 'red' : undefined) },
    { title: 'RULES', text: ({ chain }) => chain?.rules?.length ?? (chain === undefined ? undefined : 0), align: 'right' },
  ],
  json: ({ table: { family, name }, chain }) => ({ family, table: name, chain: chain ?? null }),
  open: (options) => openTables(options, (context) => ({ firewall: new FirewallTables(context.nftables) })),
  list,
  watch: (net, filter) => polled(() => read(net, filter)),
};
