import type { InetReply, TcpInfo } from '../../families/sock_diag.js';
import { withJson } from '../common/json.js';

/** The state of the congestion control of a TCP socket. @public */
export type TcpCongestionState = 'open' | 'disorder' | 'cwr' | 'recovery' | 'loss' | number;

/** The TCP details of a socket (`struct tcp_info`). Times are milliseconds, rates bits per second, sizes bytes. @public */
export interface TcpDetails {
  /** The algorithm of the congestion control. */
  readonly congestion?: string;
  /** The state of the congestion control. */
  readonly congestionState: TcpCongestionState;
  /** TCP timestamps are in use. */
  readonly timestamps: boolean;
  /** Selective acknowledgements are in use. */
  readonly sack: boolean;
  /** Explicit congestion notification is in use. */
  readonly ecn: boolean;
  /** A packet with an ECN mark arrived. */
  readonly ecnSeen: boolean;
  /** The SYN carried data that the peer acknowledged. */
  readonly fastOpen: boolean;
  /** Timestamps count microseconds. */
  readonly microsecondTimestamps: boolean;
  /** The application limits the delivery rate. */
  readonly applicationLimited: boolean;
  /** The shifts of the windows; absent without window scaling. */
  readonly windowScale?: { readonly send: number; readonly receive: number };
  /** The timeout of retransmissions. */
  readonly rto: number;
  /** The timeout of delayed acknowledgements. */
  readonly ato: number;
  /** The smoothed round trip time. */
  readonly rtt: number;
  /** The variance of the round trip time. */
  readonly rttVariance: number;
  /** The smallest round trip time. */
  readonly minRtt?: number;
  /** The round trip time that the receiver estimates. */
  readonly receiveRtt: number;
  /** The largest segment to send. */
  readonly sendMss: number;
  /** The largest segment that arrived. */
  readonly receiveMss: number;
  /** The largest segment that this end announced. */
  readonly advertisedMss: number;
  /** The largest packet on the path. */
  readonly pathMtu: number;
  /** The congestion window in segments. */
  readonly congestionWindow: number;
  /** The threshold of slow start in segments; absent before the first loss. */
  readonly slowStartThreshold?: number;
  /** The window that the peer announced. */
  readonly sendWindow?: number;
  /** The window that this end announced. */
  readonly receiveWindow?: number;
  /** The limit of the window of this end. */
  readonly receiveWindowLimit: number;
  /** The space that receive buffer tuning reckons with. */
  readonly receiveSpace: number;
  /** Retransmissions of the same segment. */
  readonly retransmits: number;
  /** Zero window probes without an answer. */
  readonly probes: number;
  /** Doublings of the retransmission timeout. */
  readonly backoff: number;
  /** Segments without an acknowledgement; absent for a listener. */
  readonly unacknowledged?: number;
  /** Segments that were acknowledged selectively; absent for a listener. */
  readonly sacked?: number;
  /** Segments that are lost. */
  readonly lost: number;
  /** Segments that are retransmitted and not acknowledged. */
  readonly retransmitted: number;
  /** All retransmitted segments. */
  readonly totalRetransmitted: number;
  /** The number of segments that may arrive out of order. */
  readonly reordering: number;
  /** Events of reordering. */
  readonly reorderings?: number;
  /** Time since data was sent. */
  readonly lastSent: number;
  /** Time since data arrived. */
  readonly lastReceived: number;
  /** Time since an acknowledgement arrived. */
  readonly lastAcknowledged: number;
  /** The rate of pacing; absent if there is none. */
  readonly pacingRate?: number;
  /** The limit of the rate of pacing; absent if there is none. */
  readonly maxPacingRate?: number;
  /** The rate at which the peer receives. */
  readonly deliveryRate?: number;
  /** Bytes sent, retransmissions included. */
  readonly bytesSent?: bigint;
  /** Bytes sent again. */
  readonly bytesRetransmitted?: bigint;
  /** Bytes that the peer acknowledged. */
  readonly bytesAcknowledged?: bigint;
  /** Bytes that arrived. */
  readonly bytesReceived?: bigint;
  /** Bytes in the send queue that were never sent. */
  readonly notSent?: number;
  /** Segments sent. */
  readonly segmentsSent?: number;
  /** Segments that arrived. */
  readonly segmentsReceived?: number;
  /** Segments with data sent. */
  readonly dataSegmentsSent?: number;
  /** Segments with data that arrived. */
  readonly dataSegmentsReceived?: number;
  /** Segments that the peer received. */
  readonly delivered?: number;
  /** Segments that the peer received with an ECN mark. */
  readonly deliveredWithEcn?: number;
  /** Duplicate selective acknowledgements. */
  readonly duplicateSacks?: number;
  /** Segments that arrived out of order. */
  readonly outOfOrder?: number;
  /** Time with data to send. */
  readonly busy?: number;
  /** Time in which the window of the peer limited this end. */
  readonly receiveWindowLimited?: number;
  /** Time in which the send buffer limited this end. */
  readonly sendBufferLimited?: number;
  /** New choices of the path after timeouts. */
  readonly rehashes?: number;
  /** Retransmission timeouts. */
  readonly timeouts?: number;
  /** Recoveries from retransmission timeouts. */
  readonly timeoutRecoveries?: number;
  /** Time in recoveries from retransmission timeouts. */
  readonly timeoutTime?: number;
  /** The state of the congestion control `bbr`. */
  readonly bbr?: { readonly bandwidth: number; readonly minRtt: number; readonly pacingGain: number; readonly windowGain: number };
  /** The state of the congestion control `dctcp`. */
  readonly dctcp?: {
    readonly enabled: boolean;
    readonly congestion: boolean;
    readonly alpha: number;
    readonly ecnBytes: number;
    readonly totalBytes: number;
  };
  /** The state of the congestion control `vegas`. */
  readonly vegas?: { readonly enabled: boolean; readonly rounds: number; readonly rtt: number; readonly minRtt: number };
}

type Translate = (value: number | bigint) => number | bigint | undefined;

const same: Translate = (value) => value;
/** Microseconds as milliseconds. */
const micro: Translate = (value) => Number(value) / 1000;
/** Bytes a second as bits a second; the largest number means no limit. */
const rate: Translate = (value) => (value === 0xffff_ffff_ffff_ffffn ? undefined : Number(value) * 8);
/** TCP_INFINITE_SSTHRESH. */
const threshold: Translate = (value) => (value === 0x7fff_ffff ? undefined : value);

/** The kernel's names of those details that are one number. */
const NUMBERS: readonly (readonly [keyof TcpDetails, keyof TcpInfo, Translate?])[] = [
  ['rto', 'rto', micro],
  ['ato', 'ato', micro],
  ['rtt', 'rtt', micro],
  ['rttVariance', 'rttvar', micro],
  ['minRtt', 'minRtt', micro],
  ['receiveRtt', 'rcvRtt', micro],
  ['sendMss', 'sndMss'],
  ['receiveMss', 'rcvMss'],
  ['advertisedMss', 'advmss'],
  ['pathMtu', 'pmtu'],
  ['congestionWindow', 'sndCwnd'],
  ['slowStartThreshold', 'sndSsthresh', threshold],
  ['sendWindow', 'sndWnd'],
  ['receiveWindow', 'rcvWnd'],
  ['receiveWindowLimit', 'rcvSsthresh'],
  ['receiveSpace', 'rcvSpace'],
  ['retransmits', 'retransmits'],
  ['probes', 'probes'],
  ['backoff', 'backoff'],
  ['unacknowledged', 'unacked'],
  ['sacked', 'sacked'],
  ['lost', 'lost'],
  ['retransmitted', 'retrans'],
  ['totalRetransmitted', 'totalRetrans'],
  ['reordering', 'reordering'],
  ['reorderings', 'reordSeen'],
  ['lastSent', 'lastDataSent'],
  ['lastReceived', 'lastDataRecv'],
  ['lastAcknowledged', 'lastAckRecv'],
  ['pacingRate', 'pacingRate', rate],
  ['maxPacingRate', 'maxPacingRate', rate],
  ['deliveryRate', 'deliveryRate', rate],
  ['bytesSent', 'bytesSent'],
  ['bytesRetransmitted', 'bytesRetrans'],
  ['bytesAcknowledged', 'bytesAcked'],
  ['bytesReceived', 'bytesReceived'],
  ['notSent', 'notsentBytes'],
  ['segmentsSent', 'segsOut'],
  ['segmentsReceived', 'segsIn'],
  ['dataSegmentsSent', 'dataSegsOut'],
  ['dataSegmentsReceived', 'dataSegsIn'],
  ['delivered', 'delivered'],
  ['deliveredWithEcn', 'deliveredCe'],
  ['duplicateSacks', 'dsackDups'],
  ['outOfOrder', 'rcvOoopack'],
  ['busy', 'busyTime', micro],
  ['receiveWindowLimited', 'rwndLimited', micro],
  ['sendBufferLimited', 'sndbufLimited', micro],
  ['rehashes', 'rehash'],
  ['timeouts', 'totalRto'],
  ['timeoutRecoveries', 'totalRtoRecoveries'],
  ['timeoutTime', 'totalRtoTime'],
];

/** TCPI_OPT_*. */
const OPTIONS: readonly (readonly [keyof TcpDetails, number])[] = [
  ['timestamps', 1],
  ['sack', 2],
  ['ecn', 8],
  ['ecnSeen', 16],
  ['fastOpen', 32],
  ['microsecondTimestamps', 64],
];

const WINDOW_SCALE = 4;

/** Translates the TCP details of a row; undefined if it has none. @internal */
export function tcpDetails(row: InetReply): TcpDetails | undefined {
  const { info, cong } = row;
  if (info === undefined) return undefined;
  const details: Record<string, unknown> = { congestionState: info.caState, applicationLimited: (info.bits & 1) !== 0 };
  if (cong !== undefined) details['congestion'] = cong;
  for (const [name, flag] of OPTIONS) details[name] = (info.options & flag) !== 0;
  if ((info.options & WINDOW_SCALE) !== 0) details['windowScale'] = { send: info.wscale & 15, receive: info.wscale >> 4 };
  for (const [name, attribute, translate = same] of NUMBERS) {
    const value = info[attribute] as number | bigint | undefined;
    const translated = value === undefined ? undefined : translate(value);
    if (translated !== undefined) details[name] = translated;
  }
  // Of a listener these are the connections that wait for accept and their limit, as in the queues.
  if (info.state === 'listen') for (const name of ['unacknowledged', 'sacked']) delete details[name];
  return withJson(Object.assign(details, algorithms(row))) as unknown as TcpDetails;
}

/** Returns the state of the algorithm of the congestion control. */
function algorithms({ bbrinfo, dctcpinfo, vegasinfo }: InetReply): Pick<TcpDetails, 'bbr' | 'dctcp' | 'vegas'> {
  return {
    ...(bbrinfo !== undefined && {
      bbr: {
        bandwidth: (bbrinfo.bwHi * 2 ** 32 + bbrinfo.bwLo) * 8,
        minRtt: bbrinfo.minRtt / 1000,
        pacingGain: bbrinfo.pacingGain / 256,
        windowGain: bbrinfo.cwndGain / 256,
      },
    }),
    ...(dctcpinfo !== undefined && {
      dctcp: {
        enabled: dctcpinfo.enabled !== 0,
        congestion: dctcpinfo.ceState !== 0,
        alpha: dctcpinfo.alpha,
        ecnBytes: dctcpinfo.abEcn,
        totalBytes: dctcpinfo.abTot,
      },
    }),
    ...(vegasinfo !== undefined && {
      vegas: {
        enabled: vegasinfo.enabled !== 0,
        rounds: vegasinfo.rttcnt,
        rtt: vegasinfo.rtt / 1000,
        minRtt: vegasinfo.minrtt / 1000,
      },
    }),
  };
}
