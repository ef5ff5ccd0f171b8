import { map } from 'rxjs';
import type { Address } from '../../../network/index.js';
import { duration } from '../../output/units.js';
import type { Listing } from '../listing.js';

const NOTES = ['tentative', 'dadFailed', 'deprecated', 'temporary', 'secondary'] as const;

/** `rxnetlink addresses`: the IP addresses, as `ip addr` has them. */
export const listing: Listing<Address> = {
  word: 'link',
  columns: [
    { title: 'LINK', text: ({ link }) => link },
    { title: 'ADDRESS', text: ({ address }) => address },
    { title: 'PEER', text: ({ peer }) => peer },
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
  list: (net, filter) => net.addresses.list(filter),
  watch: (net, filter) => net.view({ addresses: filter }).pipe(map(({ addresses }) => [...addresses.values()])),
};
