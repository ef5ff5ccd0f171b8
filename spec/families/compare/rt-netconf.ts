import { expect } from 'chai';
import { rtNetconfSchema, type GetnetconfReply } from '../../../lib/families/generated/rt-netconf.js';
import type { FamilyComparer } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';
import type { LinkNames } from './link-names.js';

const FAMILY: Readonly<Record<number, string>> = { 2: 'inet', 10: 'inet6', 28: 'mpls' };
const REVERSE_PATH = ['off', 'strict', 'loose'];

/** NETCONFA_IFINDEX_ALL and NETCONFA_IFINDEX_DEFAULT of uapi/linux/netconf.h */
export const WITHOUT_INTERFACE: Readonly<Record<number, string>> = { [-1]: 'all', [-2]: 'default' };

const flag = (value: number | undefined): boolean | undefined => (value === undefined ? undefined : value !== 0);

/** The properties of `ip -j netconf`. */
export const netconfFields = (names: Pick<LinkNames, 'of'>): Fields<GetnetconfReply> => ({
  family: ({ ncmFamily }) => FAMILY[ncmFamily],
  interface: ({ ifindex = 0 }) => WITHOUT_INTERFACE[ifindex] ?? names.of(ifindex),
  forwarding: ({ forwarding }) => flag(forwarding),
  rp_filter: ({ rpFilter = -1 }) => REVERSE_PATH[rpFilter],
  mc_forwarding: ({ mcForwarding }) => flag(mcForwarding),
  proxy_neigh: ({ proxyNeigh }) => flag(proxyNeigh),
  ignore_routes_with_linkdown: ({ ignoreRoutesWithLinkdown }) => flag(ignoreRoutesWithLinkdown),
  input: ({ input }) => flag(input),
});

export const comparer: FamilyComparer = {
  schema: rtNetconfSchema,
  compare({ shown, answers, links }) {
    const rows = answers.flatMap((answer) => answer.rows) as unknown as GetnetconfReply[];
    const table = shown as readonly Shown[];
    expect(rows.length).to.equal(table.length);
    table.forEach((row, index) => {
      compareFields(`row ${String(index)}`, row, rows[index]!, netconfFields(links));
    });
  },
};
