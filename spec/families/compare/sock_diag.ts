import { expect } from 'chai';
import {
  sockDiagSchema,
  type InetReply,
  type MptcpReply,
  type TcpInfo,
  type UnixReply,
} from '../../../lib/families/generated/sock_diag.js';
import { unixName } from '../../../lib/families/sockets/unix-name.js';
import type { FamilyComparer } from '../comparer.js';
import { compareFields, within, type Fields } from './fields.js';
import { APART, duration, general, inetLine, STATES, TIMERS, unixLine } from './sock-lines.js';

type Row = InetReply | MptcpReply;

/** Prints an address and a port as ss does; sockets of specs and fixtures are bound to the loopback, index 1, or to no interface. */
function endpoint({ family, skv6only, id }: Row, address: unknown, port: number, isLocal: boolean): string {
  const shown = port === 0 ? '*' : String(port);
  const bound = isLocal && id.if === 1 ? '%lo' : '';
  if (family === 2) return `${String(address)}${bound}:${shown}`;
  return address === '::' && skv6only !== 1 ? `*${bound}:${shown}` : `[${String(address)}]${bound}:${shown}`;
}

const milliseconds = (value: number | undefined): string => general((value ?? NaN) / 1000);
const bits = (value: bigint | undefined): string => `${String((value ?? -1n) * 8n)}bps`;
const recent = (shown: unknown, value: number | undefined): unknown => String(within(APART, Number(shown), value));
const sent = (shutdown = 0): string => `${(shutdown & 1) === 0 ? '<' : '-'}-${(shutdown & 2) === 0 ? '>' : '-'}`;

/** Prints a device as ss does: it splits the kernel's number as one of the C library. */
function device(number: number): string {
  return `${String((number >> 8) & 0xfff)}/${String((number & 0xff) | ((number >> 12) & 0xfff00))}`;
}

function info<Value>(read: (info: TcpInfo) => Value): (row: InetReply) => Value | undefined {
  return ({ info: found }) => (found === undefined ? undefined : read(found));
}

const decimal = (read: (info: TcpInfo) => number | bigint | undefined): ((row: InetReply) => string) =>
  info((found) => String(read(found))) as (row: InetReply) => string;
const option = (bit: number): ((row: InetReply) => boolean | undefined) => info(({ options }) => (options & bit) !== 0);

/** Returns a number of skmeminfo as text. Rows with meminfo have it twice: the kernel fills both from the same fields of the socket. */
const memory = (value: number | undefined, again: number | undefined): string =>
  again === undefined || again === value ? String(value) : `${String(value)}, but meminfo has ${String(again)}`;

const common: Fields<Row> = {
  state: ({ state }) => STATES[state],
  rqueue: ({ rqueue }) => String(rqueue),
  wqueue: ({ wqueue }) => String(wqueue),
  local: (row) => endpoint(row, row.id.src, row.id.sport, true),
  peer: (row) => endpoint(row, row.id.dst, row.id.dport, false),
  ino: ({ inode }) => String(inode),
  uid: ({ uid }) => String(uid),
  sk: ({ id }) => (BigInt(id.cookie[0]!) | (BigInt(id.cookie[1]!) << 32n)).toString(16),
  // ss looks up the path of the cgroup.
  cgroup: ({ cgroupId }, shown) => (String(shown).startsWith('unreachable:') ? `unreachable:${(cgroupId ?? 0n).toString(16)}` : shown),
  fwmark: ({ mark }) => `0x${(mark ?? 0).toString(16)}`,
  shutdown: ({ shutdown }) => sent(shutdown),
  v6only: ({ skv6only }) => String(skv6only),
  'timer.0': ({ timer }) => TIMERS[timer],
  'timer.1': ({ expires }, shown) => (Math.abs(duration(String(shown)) - expires) <= 60_000 ? shown : expires),
  'timer.2': ({ retrans }) => String(retrans),
  'skmem.r': ({ skmeminfo, meminfo }) => memory(skmeminfo?.rmemAlloc, meminfo?.rmem),
  'skmem.rb': ({ skmeminfo }) => String(skmeminfo?.rcvbuf),
  'skmem.t': ({ skmeminfo, meminfo }) => memory(skmeminfo?.wmemAlloc, meminfo?.tmem),
  'skmem.tb': ({ skmeminfo }) => String(skmeminfo?.sndbuf),
  'skmem.f': ({ skmeminfo, meminfo }) => memory(skmeminfo?.fwdAlloc, meminfo?.fmem),
  'skmem.w': ({ skmeminfo, meminfo }) => memory(skmeminfo?.wmemQueued, meminfo?.wmem),
  'skmem.o': ({ skmeminfo }) => String(skmeminfo?.optmem),
  'skmem.bl': ({ skmeminfo }) => String(skmeminfo?.backlog),
  'skmem.d': ({ skmeminfo }) => String(skmeminfo?.drops),
};

/** The keys of `ss -tanimeO`. */
export const inetFields: Fields<InetReply> = {
  ...common,
  ts: option(1),
  sack: option(2),
  ecn: option(8),
  ecnseen: option(16),
  fastopen: option(32),
  usec_ts: option(64),
  app_limited: info(({ bits: some }) => (some & 1) === 1),
  cong: ({ cong }) => cong,
  ulp: ({ ulpInfo }) => ulpInfo?.name,
  ulp_flags: ({ ulpInfo }, shown) => (ulpInfo?.mptcp?.flags === undefined ? undefined : shown),
  token: ({ ulpInfo }) => {
    const { tokenRem = 0, tokenLoc = 0, idRem, idLoc } = ulpInfo?.mptcp ?? {};
    const hex = (value: number): string => value.toString(16).padStart(4, '0');
    return `${hex(tokenRem)}(id:${String(idRem)})/${hex(tokenLoc)}(id:${String(idLoc)})`;
  },
  seq: ({ ulpInfo }) => String(ulpInfo?.mptcp?.mapSeq),
  sfseq: ({ ulpInfo }) => String(ulpInfo?.mptcp?.mapSfseq),
  ssnoff: ({ ulpInfo }) => String(ulpInfo?.mptcp?.ssnOffset),
  maplen: ({ ulpInfo }) => String(ulpInfo?.mptcp?.mapDatalen),
  wscale: info(({ wscale }) => `${String(wscale & 15)},${String(wscale >> 4)}`),
  rto: info(({ rto }) => milliseconds(rto)),
  rtt: info(({ rtt, rttvar }) => `${milliseconds(rtt)}/${milliseconds(rttvar)}`),
  ato: info(({ ato }) => milliseconds(ato)),
  mss: decimal(({ sndMss }) => sndMss),
  pmtu: decimal(({ pmtu }) => pmtu),
  rcvmss: decimal(({ rcvMss }) => rcvMss),
  advmss: decimal(({ advmss }) => advmss),
  cwnd: decimal(({ sndCwnd }) => sndCwnd),
  ssthresh: decimal(({ sndSsthresh }) => sndSsthresh),
  backoff: decimal(({ backoff }) => backoff),
  bytes_sent: decimal(({ bytesSent }) => bytesSent),
  bytes_retrans: decimal(({ bytesRetrans }) => bytesRetrans),
  bytes_acked: decimal(({ bytesAcked }) => bytesAcked),
  bytes_received: decimal(({ bytesReceived }) => bytesReceived),
  segs_out: decimal(({ segsOut }) => segsOut),
  segs_in: decimal(({ segsIn }) => segsIn),
  data_segs_out: decimal(({ dataSegsOut }) => dataSegsOut),
  data_segs_in: decimal(({ dataSegsIn }) => dataSegsIn),
  send: info(({ sndCwnd, sndMss, rtt }) => `${String(Math.round((sndCwnd * sndMss * 8e6) / rtt))}bps`),
  lastsnd: ({ info: found }, shown) => recent(shown, found?.lastDataSent),
  lastrcv: ({ info: found }, shown) => recent(shown, found?.lastDataRecv),
  lastack: ({ info: found }, shown) => recent(shown, found?.lastAckRecv),
  pacing_rate: ({ info: found }) => bits(found?.pacingRate),
  delivery_rate: ({ info: found }) => bits(found?.deliveryRate),
  delivered: decimal(({ delivered }) => delivered),
  delivered_ce: decimal(({ deliveredCe }) => deliveredCe),
  busy: ({ info: found }) => `${String((found?.busyTime ?? 0n) / 1000n)}ms`,
  unacked: decimal(({ unacked }) => unacked),
  retrans: info(({ retrans, totalRetrans }) => `${String(retrans)}/${String(totalRetrans)}`),
  lost: decimal(({ lost }) => lost),
  sacked: decimal(({ sacked }) => sacked),
  dsack_dups: decimal(({ dsackDups }) => dsackDups),
  reordering: decimal(({ reordering }) => reordering),
  reord_seen: decimal(({ reordSeen }) => reordSeen),
  rcv_rtt: info(({ rcvRtt }) => milliseconds(rcvRtt)),
  rcv_space: decimal(({ rcvSpace }) => rcvSpace),
  rcv_ssthresh: decimal(({ rcvSsthresh }) => rcvSsthresh),
  notsent: decimal(({ notsentBytes }) => notsentBytes),
  minrtt: info(({ minRtt }) => milliseconds(minRtt)),
  rcv_ooopack: decimal(({ rcvOoopack }) => rcvOoopack),
  snd_wnd: decimal(({ sndWnd }) => sndWnd),
  rcv_wnd: decimal(({ rcvWnd }) => rcvWnd),
  rehash: decimal(({ rehash }) => rehash),
  'bbr.bw': ({ bbrinfo: found }) => bits(found && (BigInt(found.bwHi) << 32n) + BigInt(found.bwLo)),
  'bbr.mrtt': ({ bbrinfo: found }) => milliseconds(found?.minRtt),
  'bbr.pacing_gain': ({ bbrinfo: found }) => general((found?.pacingGain ?? NaN) / 256),
  'bbr.cwnd_gain': ({ bbrinfo: found }) => general((found?.cwndGain ?? NaN) / 256),
  'dctcp.ce_state': ({ dctcpinfo: found }) => String(found?.ceState),
  'dctcp.alpha': ({ dctcpinfo: found }) => String(found?.alpha),
  'dctcp.ab_ecn': ({ dctcpinfo: found }) => String(found?.abEcn),
  'dctcp.ab_tot': ({ dctcpinfo: found }) => String(found?.abTot),
};

/** The keys of `ss -ManieO`. */
export const mptcpFields: Fields<MptcpReply> = {
  ...common,
  subflows: ({ info: found }) => String(found?.subflows),
  subflows_max: ({ info: found }) => String(found?.subflowsMax),
  subflows_total: ({ info: found }) => String(found?.subflowsTotal),
  fallback: ({ info: found }) => ((found?.flags ?? 0) & 1) === 1,
  remote_key: ({ info: found }) => ((found?.flags ?? 0) & 2) === 2,
  token: ({ info: found }) => (found?.token ?? NaN).toString(16),
  write_seq: ({ info: found }) => String(found?.writeSeq),
  snd_una: ({ info: found }) => String(found?.sndUna),
  rcv_nxt: ({ info: found }) => String(found?.rcvNxt),
  bytes_sent: ({ info: found }) => String(found?.bytesSent),
  bytes_received: ({ info: found }) => String(found?.bytesReceived),
  bytes_acked: ({ info: found }) => String(found?.bytesAcked),
  last_data_sent: ({ info: found }, shown) => recent(shown, found?.lastDataSent),
  last_data_recv: ({ info: found }, shown) => recent(shown, found?.lastDataRecv),
  last_ack_recv: ({ info: found }, shown) => recent(shown, found?.lastAckRecv),
};

/** The keys of `ss -xaeO`; a socket without a name is `*`. */
export const unixFields: Fields<UnixReply> = {
  netid: ({ type }) => (type === 'stream' ? 'u_str' : type === 'dgram' ? 'u_dgr' : 'u_seq'),
  state: ({ state }) => STATES[state],
  rqueue: ({ rqlen }) => String(rqlen?.rqueue),
  wqueue: ({ rqlen }) => String(rqlen?.wqueue),
  name: ({ name }) => unixName(name) || '*',
  ino: ({ ino }) => String(ino),
  peer: (_row, shown) => shown,
  peerIno: ({ peer }) => String(peer ?? 0),
  uid: ({ uid }) => String(uid),
  shutdown: ({ shutdown }) => sent(shutdown),
  peers: ({ icons }, shown) => (icons === undefined ? undefined : [...icons].length === (shown as string[]).length ? shown : icons),
  'vfs.ino': ({ vfs }) => String(vfs?.ino),
  'vfs.dev': ({ vfs }) => device(vfs?.dev ?? 0),
};

/** Compares all lines of ss with rows, by the inode and the cookie. */
export function compareLines<Value extends object>(
  lines: readonly string[],
  rows: readonly Value[],
  parse: (line: string) => Readonly<Record<string, unknown>>,
  fields: Fields<Value>,
  compare: (at: string, shown: Readonly<Record<string, unknown>>, row: Value) => void = (at, shown, row) => {
    compareFields(at, shown, row, fields);
  },
): void {
  const keyOf = (row: Value): string => (fields['sk'] ?? fields['ino']!)(row, undefined) as string;
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  expect(rows.length, 'rows').to.equal(lines.length);
  for (const line of lines) {
    const shown = parse(line);
    const key = String(shown['sk'] ?? shown['ino']);
    const row = byKey.get(key);
    expect(row, line).to.not.equal(undefined);
    compare(line, shown, row!);
  }
}

export const comparer: FamilyComparer = {
  schema: sockDiagSchema,
  compare({ command, shown, answers }) {
    const lines = shown as readonly string[];
    const rows = answers.flatMap((answer) => answer.rows);
    if (/ -x/.test(command)) compareLines(lines, rows as unknown as UnixReply[], unixLine, unixFields);
    else if (/ -M/.test(command)) compareLines(lines, rows as unknown as MptcpReply[], inetLine, mptcpFields);
    else compareLines(lines, rows as unknown as InetReply[], inetLine, inetFields);
  },
};
