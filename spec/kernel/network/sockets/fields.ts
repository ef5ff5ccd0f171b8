import type { MptcpSocket, SocketEntry, TcpSocket, UdpSocket, UnixSocket } from '../../../../lib/network/sockets/socket-entry.js';
import type { TcpDetails } from '../../../../lib/network/sockets/tcp-details.js';
import type { MptcpDetails } from '../../../../lib/network/sockets/mptcp-details.js';
import { within, type Fields } from '../../../families/compare/fields.js';
import { APART, duration, general, STATES, TIMERS } from '../../../families/compare/sock-lines.js';

type Inet = TcpSocket | UdpSocket | MptcpSocket;

/** Prints an end as ss does. */
function endpoint(
  { family, ipv6Only, link }: Inet,
  end: { readonly address: string; readonly port: number } | undefined,
  isLocal: boolean,
): string {
  const address = end?.address ?? (family === 4 ? '0.0.0.0' : '::');
  const port = end === undefined || end.port === 0 ? '*' : String(end.port);
  const bound = isLocal && link !== undefined ? `%${link}` : '';
  if (family === 4) return `${address}${bound}:${port}`;
  return address === '::' && ipv6Only !== true ? `*${bound}:${port}` : `[${address}]${bound}:${port}`;
}

const bps = (value: number | undefined): string => `${String(value ?? NaN)}bps`;
const directions = (shutdown: 'receive' | 'send' | 'both' | undefined): string =>
  ({ none: '<->', receive: '-->', send: '<--', both: '---' })[shutdown ?? 'none'];

const common: Fields<Inet> = {
  state: ({ state }) => STATES[state],
  rqueue: ({ queues }) => String(queues.receive),
  wqueue: ({ queues }) => String(queues.send),
  local: (socket) => endpoint(socket, socket.local, true),
  peer: (socket) => endpoint(socket, socket.remote, false),
  ino: ({ inode }) => String(inode ?? 0),
  uid: ({ uid }) => String(uid),
  sk: ({ cookie }) => cookie.toString(16),
  cgroup: ({ cgroup }, shown) => (String(shown).startsWith('unreachable:') ? `unreachable:${(cgroup ?? 0n).toString(16)}` : shown),
  fwmark: ({ mark }) => `0x${(mark ?? 0).toString(16)}`,
  shutdown: ({ shutdown }) => directions(shutdown),
  v6only: ({ ipv6Only }) => String(Number(ipv6Only)),
  'timer.0': ({ timer }) => TIMERS[timer?.kind ?? 'none'],
  'timer.1': ({ timer }, shown) => (Math.abs(duration(String(shown)) - (timer?.expires ?? NaN)) <= 60_000 ? shown : timer?.expires),
  'timer.2': ({ timer }) => String(timer?.retransmits),
  'skmem.r': ({ memory }) => String(memory?.receive),
  'skmem.rb': ({ memory }) => String(memory?.receiveLimit),
  'skmem.t': ({ memory }) => String(memory?.send),
  'skmem.tb': ({ memory }) => String(memory?.sendLimit),
  'skmem.f': ({ memory }) => String(memory?.reserved),
  'skmem.w': ({ memory }) => String(memory?.sendQueue),
  'skmem.o': ({ memory }) => String(memory?.options),
  'skmem.bl': ({ memory }) => String(memory?.backlog),
  'skmem.d': ({ memory }) => String(memory?.drops),
};

function tcp<Value>(read: (details: TcpDetails) => Value): (socket: SocketEntry) => Value | undefined {
  return ({ tcp: details }) => (details === undefined ? undefined : read(details));
}

const decimal = (name: keyof TcpDetails): ((socket: SocketEntry) => string) =>
  tcp((details) => String(details[name] as number | bigint)) as never;
const time = (name: keyof TcpDetails): ((socket: SocketEntry) => string) => tcp((details) => general(details[name] as number)) as never;
const flag = (name: keyof TcpDetails): ((socket: SocketEntry) => boolean) => tcp((details) => details[name] as boolean) as never;
const recent = (name: keyof TcpDetails) => (socket: SocketEntry, shown: unknown) =>
  String(within(APART, Number(shown), socket.tcp?.[name] as number));

/** The keys of `ss -tanimeO`. */
export const tcpFields: Fields<Inet> = {
  ...common,
  ts: flag('timestamps'),
  sack: flag('sack'),
  ecn: flag('ecn'),
  ecnseen: flag('ecnSeen'),
  fastopen: flag('fastOpen'),
  usec_ts: flag('microsecondTimestamps'),
  app_limited: flag('applicationLimited'),
  cong: tcp(({ congestion }) => congestion),
  ulp: ({ upperProtocol }) => upperProtocol,
  // The details of subflows are in the row.
  ulp_flags: (_socket, shown) => shown,
  token: (_socket, shown) => shown,
  seq: (_socket, shown) => shown,
  sfseq: (_socket, shown) => shown,
  ssnoff: (_socket, shown) => shown,
  maplen: (_socket, shown) => shown,
  wscale: tcp(({ windowScale }) => `${String(windowScale?.send)},${String(windowScale?.receive)}`),
  rto: time('rto'),
  rtt: tcp(({ rtt, rttVariance }) => `${general(rtt)}/${general(rttVariance)}`),
  ato: time('ato'),
  mss: decimal('sendMss'),
  pmtu: decimal('pathMtu'),
  rcvmss: decimal('receiveMss'),
  advmss: decimal('advertisedMss'),
  cwnd: decimal('congestionWindow'),
  ssthresh: decimal('slowStartThreshold'),
  backoff: decimal('backoff'),
  bytes_sent: decimal('bytesSent'),
  bytes_retrans: decimal('bytesRetransmitted'),
  bytes_acked: decimal('bytesAcknowledged'),
  bytes_received: decimal('bytesReceived'),
  segs_out: decimal('segmentsSent'),
  segs_in: decimal('segmentsReceived'),
  data_segs_out: decimal('dataSegmentsSent'),
  data_segs_in: decimal('dataSegmentsReceived'),
  send: tcp(({ congestionWindow, sendMss, rtt }) => `${String(Math.round((congestionWindow * sendMss * 8e3) / rtt))}bps`),
  lastsnd: recent('lastSent'),
  lastrcv: recent('lastReceived'),
  lastack: recent('lastAcknowledged'),
  pacing_rate: tcp(({ pacingRate }) => bps(pacingRate)),
  delivery_rate: tcp(({ deliveryRate }) => bps(deliveryRate)),
  delivered: decimal('delivered'),
  delivered_ce: decimal('deliveredWithEcn'),
  busy: tcp(({ busy = 0 }) => `${String(Math.floor(busy))}ms`),
  unacked: decimal('unacknowledged'),
  retrans: tcp(({ retransmitted, totalRetransmitted }) => `${String(retransmitted)}/${String(totalRetransmitted)}`),
  lost: decimal('lost'),
  sacked: decimal('sacked'),
  dsack_dups: decimal('duplicateSacks'),
  reordering: decimal('reordering'),
  reord_seen: decimal('reorderings'),
  rcv_rtt: time('receiveRtt'),
  rcv_space: decimal('receiveSpace'),
  rcv_ssthresh: decimal('receiveWindowLimit'),
  notsent: decimal('notSent'),
  minrtt: time('minRtt'),
  rcv_ooopack: decimal('outOfOrder'),
  snd_wnd: decimal('sendWindow'),
  rcv_wnd: decimal('receiveWindow'),
  rehash: decimal('rehashes'),
  'bbr.bw': tcp(({ bbr }) => bps(bbr?.bandwidth)),
  'bbr.mrtt': tcp(({ bbr }) => general(bbr?.minRtt)),
  'bbr.pacing_gain': tcp(({ bbr }) => general(bbr?.pacingGain)),
  'bbr.cwnd_gain': tcp(({ bbr }) => general(bbr?.windowGain)),
  'dctcp.ce_state': tcp(({ dctcp }) => String(Number(dctcp?.congestion))),
  'dctcp.alpha': tcp(({ dctcp }) => String(dctcp?.alpha)),
  'dctcp.ab_ecn': tcp(({ dctcp }) => String(dctcp?.ecnBytes)),
  'dctcp.ab_tot': tcp(({ dctcp }) => String(dctcp?.totalBytes)),
};

const mptcp =
  (name: keyof MptcpDetails): ((socket: SocketEntry) => string) =>
  (socket) =>
    String(socket.mptcp?.[name]);
const recently = (name: keyof MptcpDetails) => (socket: SocketEntry, shown: unknown) =>
  String(within(APART, Number(shown), socket.mptcp?.[name] as number));

/** The keys of `ss -ManieO`. */
export const mptcpFields: Fields<Inet> = {
  ...common,
  subflows: mptcp('subflows'),
  subflows_max: mptcp('maxSubflows'),
  subflows_total: mptcp('totalSubflows'),
  fallback: ({ mptcp: details }) => details?.fallback,
  remote_key: ({ mptcp: details }) => details?.remoteKey,
  token: ({ mptcp: details }) => details?.token.toString(16),
  write_seq: mptcp('writeSequence'),
  snd_una: mptcp('unacknowledgedSequence'),
  rcv_nxt: mptcp('receiveSequence'),
  bytes_sent: mptcp('bytesSent'),
  bytes_received: mptcp('bytesReceived'),
  bytes_acked: mptcp('bytesAcknowledged'),
  last_data_sent: recently('lastSent'),
  last_data_recv: recently('lastReceived'),
  last_ack_recv: recently('lastAcknowledged'),
};

/** Prints a device as ss does: it splits the kernel's number as one of the C library. */
function device(number = 0): string {
  return `${String((number >> 8) & 0xfff)}/${String((number & 0xff) | ((number >> 12) & 0xfff00))}`;
}

/** The keys of `ss -xaeO`; a socket without a name is `*`. */
export const unixFields: Fields<UnixSocket> = {
  netid: ({ type }) => (type === 'stream' ? 'u_str' : type === 'dgram' ? 'u_dgr' : 'u_seq'),
  state: ({ state }) => STATES[state],
  rqueue: ({ queues }) => String(queues?.receive),
  wqueue: ({ queues }) => String(queues?.send),
  name: ({ local }) => local?.address ?? '*',
  ino: ({ inode }) => String(inode),
  // ss does not print the name of the peer.
  peer: (_socket, shown) => shown,
  peerIno: ({ remote }) => String(remote?.inode ?? 0),
  uid: ({ uid }) => String(uid),
  shutdown: ({ shutdown }) => directions(shutdown),
  peers: ({ unix }, shown) => (unix.waiting?.length === (shown as string[]).length ? shown : unix.waiting),
  'vfs.ino': ({ unix }) => String(unix.file?.inode),
  'vfs.dev': ({ unix }) => device(unix.file?.device),
};
