import { map, mergeMap, of } from 'rxjs';
import type { Address, Link, LinkFilter } from '../../../network/index.js';
import { addressModel } from '../../../network/addresses/address-model.js';
import { LinkTable } from '../../../network/links/link-table.js';
import { openTables, type SomeTables } from '../../../network/open-tables.js';
import { WritableTable } from '../../../network/tables/writable-table.js';
import type { Listing } from '../listing.js';

type ListedLink = Link & { readonly addresses: readonly Address[] };

/** `rxnetlink links`: the links with their addresses, as `ip -d addr` has them. */
export const listing: Listing<
  ListedLink,
  SomeTables<{ readonly links: LinkTable; readonly addresses: WritableTable<Address, object, object, object> }>
> = {
  word: 'name',
  columns: [
    { title: 'NAME', isKey: true, text: ({ name }) => name },
    { title: 'KIND', text: ({ kind }) => kind },
    { title: 'BUS', text: ({ driver }) => driver?.bus },
    { title: 'STATE', text: stateOf, colour: (link) => (stateOf(link) === 'up' ? 'green' : link.up === true ? 'red' : 'faint') },
    { title: 'MTU', text: ({ mtu }) => mtu, align: 'right' },
    { title: 'MASTER', text: ({ master }) => master ?? undefined },
    { title: 'MAC', text: ({ mac }) => mac },
    { title: 'ADDRESSES', text: ({ addresses }) => addresses.map(({ address }) => address).join(' ') },
  ],
  open: (options) =>
    openTables(options, (context, names) => ({
      links: new LinkTable(context, names),
      addresses: new WritableTable<Address, object, object, object>(addressModel(context), names),
    })),
  list: (net, filter) =>
    net.links.list({ ...(filter as LinkFilter), with: 'addresses' }).pipe(
      mergeMap((links) =>
        // The other tables reject the name of a link that does not exist. The error of `get` names similar ones.
        links.length === 0 && typeof filter['name'] === 'string' ? net.links.get(filter['name']).pipe(map(() => links)) : of(links),
      ),
    ),
  watch: (net, filter) =>
    net.view({ links: filter, addresses: true }).pipe(
      map(({ links, addresses }) => {
        const byLink = new Map<string, Address[]>();
        for (const address of addresses.values()) {
          const others = byLink.get(address.link);
          if (others === undefined) byLink.set(address.link, [address]);
          else others.push(address);
        }
        return [...links.values()].map((link) => ({ ...link, addresses: byLink.get(link.name) ?? [] }));
      }),
    ),
};

/** Returns `disabled` for a link that is down by configuration. The kernel reports no state of some links that are up. */
function stateOf({ up, state }: Link): string {
  if (up !== true) return 'disabled';
  return state === 'unknown' ? 'up' : String(state);
}
