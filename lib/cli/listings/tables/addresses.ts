import { map } from 'rxjs';
import type { Address } from '../../../network/index.js';
import { duration } from '../../output/units.js';
import { addressModel } from '../../../network/addresses/address-model.js';
import { openTables, type SomeTables } from '../../../network/open-tables.js';
import { WritableTable } from '../../../network/tables/writable-table.js';
import type { Listing } from '../listing.js';

const NOTES = ['tentative', 'dadFailed', 'deprecated', 'temporary', 'secondary'] as const;

/** `rxnetlink addresses`: the IP addresses, as `ip addr` has them. */
export const listing: Listing<Address, SomeTables<{ readonly addresses: WritableTable<Address, object, object, object> }>> = {
  word: 'link',
  addressProperty: { name: 'address', hasLength: true },
  columns: [
    { title: 'LINK', isKey: true, text: ({ link }) => link },
    { title: 'ADDRESS', isKey: true, text: ({ address }) => address },
    { title: 'PEER', isKey: true, text: ({ peer }) => peer },
    { title: 'SCOPE', text: ({ scope }) => scope },
    { title: 'VALID', text: ({ valid }) => duration(valid), align: 'right' },
    { title: 'PREFERRED', text: ({ preferred }) => duration(preferred), align: 'right' },
    { title: 'PROTOCOL', text: ({ protocol }) => protocol },
    {
      title: 'STATE',
      text: (address) => NOTES.filter((note) => address[note]).join(' '),
      colour: ({ dadFailed }) => (dadFailed ? 'red' : undefined),
    },
  ],
  open: (options) =>
    openTables(options, (context, names) => ({
      addresses: new WritableTable<Address, object, object, object>(addressModel(context), names),
    })),
  list: (net, filter) => net.addresses.list(filter),
  watch: (net, filter) => net.view({ addresses: filter }).pipe(map(({ addresses }) => [...addresses.values()])),
};
