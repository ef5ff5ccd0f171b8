import { l2tpSchema } from '../../../lib/families/generated/l2tp.js';
import type { L2tpFamily } from '../../../lib/families/l2tp.js';
import type { FamilyComparer } from '../comparer.js';
import { compareRows, type Fields, type Shown } from './fields.js';

type Tunnel = L2tpFamily['dump']['tunnel-get']['reply'];
type Session = L2tpFamily['dump']['session-get']['reply'];

const bytes = (value: Uint8Array | undefined): string | undefined => value && Buffer.from(value).toString('hex');

/** The properties of `ip l2tp show tunnel`. */
const tunnel: Fields<Tunnel> = {
  tunnel_id: ({ connId }) => connId,
  encap: ({ encapType }) => String(encapType).toUpperCase(),
  local: ({ ipSaddr, ip6Saddr }) => ipSaddr ?? ip6Saddr,
  peer: ({ ipDaddr, ip6Daddr }) => ipDaddr ?? ip6Daddr,
  peer_tunnel: ({ peerConnId }) => peerConnId,
  local_port: ({ udpSport }) => udpSport,
  peer_port: ({ udpDport }) => udpDport,
  checksum: ({ udpCsum }) => udpCsum === 1,
  checksum_tx: ({ udpZeroCsum6Tx }) => udpZeroCsum6Tx !== true,
  checksum_rx: ({ udpZeroCsum6Rx }) => udpZeroCsum6Rx !== true,
};

/** The properties of `ip l2tp show session`. */
const session: Fields<Session> = {
  session_id: ({ sessionId }) => sessionId,
  tunnel_id: ({ connId }) => connId,
  peer_session_id: ({ peerSessionId }) => peerSessionId,
  peer_tunnel_id: ({ peerConnId }) => peerConnId,
  interface: ({ ifname }) => ifname,
  cookie: ({ cookie }) => bytes(cookie),
  peer_cookie: ({ peerCookie }) => bytes(peerCookie),
  // ip prints a member without a value if the number is not 0.
  send_seq: ({ sendSeq }) => (sendSeq === 1 ? null : undefined),
  recv_seq: ({ recvSeq }) => (recvSeq === 1 ? null : undefined),
};

export const comparer: FamilyComparer = {
  schema: l2tpSchema,
  compare({ command, shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows);
    const table = shown as readonly Shown[];
    const number = (value: unknown): string => String(value);
    if (command.includes(' show tunnel'))
      compareRows(table, rows as unknown as Tunnel[], tunnel, {
        shown: (row) => number(row['tunnel_id']),
        value: ({ connId }) => number(connId),
      });
    else
      compareRows(table, rows as unknown as Session[], session, {
        shown: (row) => number(row['session_id']),
        value: ({ sessionId }) => number(sessionId),
      });
  },
};
