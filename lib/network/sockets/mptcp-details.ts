import type { MptcpReply } from '../../families/sock_diag.js';
import { withJson } from '../common/json.js';
import { omitUndefined } from '../../check/index.js';

/** The MPTCP details of a socket (`struct mptcp_info`). Times are milliseconds, sizes bytes. @public */
export interface MptcpDetails {
  /** Subflows besides the first one. */
  readonly subflows: number;
  /** The limit of subflows. */
  readonly maxSubflows: number;
  /** All subflows. */
  readonly totalSubflows?: number;
  /** Addresses that were announced to the peer. */
  readonly announcedAddresses: number;
  /** The limit of addresses to announce. */
  readonly maxAnnouncedAddresses: number;
  /** Addresses of the peer that were accepted. */
  readonly acceptedAddresses: number;
  /** The limit of addresses of the peer to accept. */
  readonly maxAcceptedAddresses: number;
  /** Local addresses in use. */
  readonly localAddresses?: number;
  /** The limit of local addresses. */
  readonly maxLocalAddresses?: number;
  /** The connection has become plain TCP. */
  readonly fallback: boolean;
  /** The key of the peer has arrived. */
  readonly remoteKey: boolean;
  /** The data has checksums. */
  readonly checksum?: boolean;
  /** The token of the connection. */
  readonly token: number;
  /** The sequence number of the next byte to write. */
  readonly writeSequence: bigint;
  /** The sequence number of the first byte without an acknowledgement. */
  readonly unacknowledgedSequence: bigint;
  /** The sequence number of the next byte to read. */
  readonly receiveSequence: bigint;
  /** Retransmissions of the connection. */
  readonly retransmits?: number;
  /** Bytes sent. */
  readonly bytesSent?: bigint;
  /** Bytes sent again. */
  readonly bytesRetransmitted?: bigint;
  /** Bytes that the peer acknowledged. */
  readonly bytesAcknowledged?: bigint;
  /** Bytes that arrived. */
  readonly bytesReceived?: bigint;
  /** Time since data was sent. */
  readonly lastSent?: number;
  /** Time since data arrived. */
  readonly lastReceived?: number;
  /** Time since an acknowledgement arrived. */
  readonly lastAcknowledged?: number;
}

/** Translates the MPTCP details of a row; undefined if it has none. @internal */
export function mptcpDetails({ info }: MptcpReply): MptcpDetails | undefined {
  if (info === undefined) return undefined;
  return withJson(
    omitUndefined({
      subflows: info.subflows,
      maxSubflows: info.subflowsMax,
      totalSubflows: info.subflowsTotal,
      announcedAddresses: info.addAddrSignal,
      maxAnnouncedAddresses: info.addAddrSignalMax,
      acceptedAddresses: info.addAddrAccepted,
      maxAcceptedAddresses: info.addAddrAcceptedMax,
      localAddresses: info.localAddrUsed,
      maxLocalAddresses: info.localAddrMax,
      fallback: (info.flags & 1) !== 0,
      remoteKey: (info.flags & 2) !== 0,
      checksum: info.csumEnabled === undefined ? undefined : info.csumEnabled !== 0,
      token: info.token,
      writeSequence: info.writeSeq,
      unacknowledgedSequence: info.sndUna,
      receiveSequence: info.rcvNxt,
      retransmits: info.retransmits,
      bytesSent: info.bytesSent,
      bytesRetransmitted: info.bytesRetrans,
      bytesAcknowledged: info.bytesAcked,
      bytesReceived: info.bytesReceived,
      lastSent: info.lastDataSent,
      lastReceived: info.lastDataRecv,
      lastAcknowledged: info.lastAckRecv,
    }),
  );
}
