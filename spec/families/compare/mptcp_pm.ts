import { expect } from 'chai';
import { mptcpPmSchema } from '../../../lib/families/generated/mptcp_pm.js';
import type { MptcpPmFamily } from '../../../lib/families/mptcp_pm.js';
import type { FamilyComparer } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';
import type { LinkNames } from './link-names.js';
import { compareYnl } from './ynl.js';

type Endpoint = MptcpPmFamily['dump']['get-addr']['reply'];

/** MPTCP_PM_ADDR_FLAG_* of linux/mptcp_pm.h. */
const flag =
  (bit: number) =>
  ({ addr }: Endpoint): boolean =>
    ((addr?.flags ?? 0) & bit) !== 0;

/** The properties of an endpoint in `ip mptcp endpoint`. */
export const endpoint = (names: LinkNames): Fields<Endpoint> => ({
  address: ({ addr }) => addr?.addr4 ?? addr?.addr6,
  id: ({ addr }) => addr?.id,
  port: ({ addr }) => addr?.port,
  dev: ({ addr }) => names.of(addr?.ifIdx),
  signal: flag(1),
  subflow: flag(2),
  backup: flag(4),
  fullmesh: flag(8),
});

/** The Python client shows addresses as numbers or bytes, because the specification declares them so. */
const OVERLAID = { '.addr.addr4': 'is an address' };

export const comparer: FamilyComparer = {
  schema: mptcpPmSchema,
  compare({ command, shown, answers, links }) {
    const rows = answers.flatMap((answer) => answer.rows);
    if (command.startsWith('ynl ')) compareYnl(mptcpPmSchema, answers[0]!.op, shown, rows, { overlaid: OVERLAID });
    else if (command.endsWith(' limits'))
      expect({ add_addr_accepted: rows[0]!['rcvAddAddrs'], subflows: rows[0]!['subflows'] }).to.deep.equal(shown);
    else {
      const table = shown as readonly Shown[];
      expect(rows.length).to.equal(table.length);
      table.forEach((row, index) => {
        // `ip` may read the names of links by other means; then the capture contains no rows of links.
        const { dev, ...rest } = row;
        compareFields(
          String(row['id']),
          dev === undefined || links.of(1) === undefined ? rest : row,
          rows[index] as Endpoint,
          endpoint(links),
        );
      });
    }
  },
};
