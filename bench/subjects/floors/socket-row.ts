import { ipv4Text } from '../../../dist/index.js';

const STATES = '-,established,syn-sent,syn-recv,fin-wait1,fin-wait2,time-wait,close,close-wait,last-ack,listen,closing'.split(',');
const TIMERS = ['none', 'retransmit', 'keepalive', 'time-wait', 'probe0'] as const;
const CONGESTION_STATES = ['open', 'disorder', 'cwr', 'recovery', 'loss'] as const;

/** The first words of the attributes that all messages have at the same places: none before them varies in length. */
const [SHUTDOWN, MARK, CGROUP, SOCKOPT, INFO, CONGESTION] = [23, 25, 27, 30, 32, 103] as const;

const pair = new Uint32Array(2);
const joined = new BigUint64Array(pair.buffer);

/** The latest number of each of 256 hashes: rows share those that repeat. */
const [lows, highs, numbers] = [new Uint32Array(256), new Uint32Array(256), new Array<bigint>(256).fill(0n)];

function long(words: Uint32Array, at: number): bigint {
  const low = words[at]!;
  const high = words[at + 1]!;
  const slot = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1) >>> 24;
  if (lows[slot] === low && highs[slot] === high) return numbers[slot]!;
  pair[0] = lows[slot] = low;
  pair[1] = highs[slot] = high;
  return (numbers[slot] = joined[0]!);
}

/** The name of the latest row: most have the same. */
let known = { first: 0, text: '' };

function congestionText(words: Uint32Array, at: number): string {
  const first = words[at]!;
  if (known.first !== first) {
    const text = new TextDecoder().decode(new Uint8Array(words.buffer, 4 * at, (words[at - 1]! & 0xffff) - 5));
    known = { first, text };
  }
  return known.text;
}

/** The bytes of the latest slab. */
let bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);

function addressText(words: Uint32Array, at: number): string {
  if (bytes.buffer !== words.buffer) bytes = new Uint8Array(words.buffer as ArrayBuffer);
  return ipv4Text(bytes, 4 * at);
}

function portOf(half: number): number {
  return ((half & 0xff) << 8) | ((half >>> 8) & 0xff);
}

/** Returns the properties of `tcp_info`. */
function infoRow(words: Uint32Array, info: number): object {
  const first = words[info]!;
  const second = words[info + 1]!;
  // prettier-ignore
  return {
    state: STATES[first & 0xff], caState: CONGESTION_STATES[(first >>> 8) & 0xff], retransmits: (first >>> 16) & 0xff, probes: first >>> 24,
    backoff: second & 0xff, options: (second >>> 8) & 0xff, wscale: (second >>> 16) & 0xff, bits: second >>> 24,
    rto: words[info + 2]!, ato: words[info + 3]!, sndMss: words[info + 4]!, rcvMss: words[info + 5]!, unacked: words[info + 6]!,
    sacked: words[info + 7]!, lost: words[info + 8]!, retrans: words[info + 9]!, fackets: words[info + 10]!, lastDataSent: words[info + 11]!,
    lastAckSent: words[info + 12]!, lastDataRecv: words[info + 13]!, lastAckRecv: words[info + 14]!, pmtu: words[info + 15]!,
    rcvSsthresh: words[info + 16]!, rtt: words[info + 17]!, rttvar: words[info + 18]!, sndSsthresh: words[info + 19]!, sndCwnd: words[info + 20]!,
    advmss: words[info + 21]!, reordering: words[info + 22]!, rcvRtt: words[info + 23]!, rcvSpace: words[info + 24]!, totalRetrans: words[info + 25]!,
    pacingRate: long(words, info + 26), maxPacingRate: long(words, info + 28), bytesAcked: long(words, info + 30),
    bytesReceived: long(words, info + 32), segsOut: words[info + 34]!, segsIn: words[info + 35]!, notsentBytes: words[info + 36]!,
    minRtt: words[info + 37]!, dataSegsIn: words[info + 38]!, dataSegsOut: words[info + 39]!, deliveryRate: long(words, info + 40),
    busyTime: long(words, info + 42), rwndLimited: long(words, info + 44), sndbufLimited: long(words, info + 46), delivered: words[info + 48]!,
    deliveredCe: words[info + 49]!, bytesSent: long(words, info + 50), bytesRetrans: long(words, info + 52), dsackDups: words[info + 54]!,
    reordSeen: words[info + 55]!, rcvOoopack: words[info + 56]!, sndWnd: words[info + 57]!, rcvWnd: words[info + 58]!, rehash: words[info + 59]!,
    totalRto: words[info + 60]! & 0xffff, totalRtoRecoveries: words[info + 60]! >>> 16, totalRtoTime: words[info + 61]!, receivedCe: words[info + 62]!,
    deliveredE1Bytes: words[info + 63]!, deliveredE0Bytes: words[info + 64]!, deliveredCeBytes: words[info + 65]!, receivedE1Bytes: words[info + 66]!,
    receivedE0Bytes: words[info + 67]!, receivedCeBytes: words[info + 68]!, bits2: words[info + 69]!,
  };
}

/** Returns the object that the typed client returns for a TCP socket of IPv4; with undefined properties for what was not requested. */
export function socketRow(words: Uint32Array, at: number, isWhole: boolean): object {
  const first = words[at + 4]!;
  const ports = words[at + 5]!;
  const id = {
    sport: portOf(ports & 0xffff),
    dport: portOf(ports >>> 16),
    src: addressText(words, at + 6),
    dst: addressText(words, at + 10),
    if: words[at + 14]!,
    cookie: [words[at + 15]!, words[at + 16]!],
  };
  // prettier-ignore
  return {
    family: first & 0xff, state: STATES[(first >>> 8) & 0xff], timer: TIMERS[(first >>> 16) & 0xff], retrans: first >>> 24, id,
    expires: words[at + 17]!, rqueue: words[at + 18]!, wqueue: words[at + 19]!, uid: words[at + 20]!, inode: words[at + 21]!,
    shutdown: words[at + SHUTDOWN]! & 0xff, mark: words[at + MARK]!, cgroupId: long(words, at + CGROUP),
    sockopt: { first: words[at + SOCKOPT]! & 0xff, second: (words[at + SOCKOPT]! >>> 8) & 0xff },
    info: isWhole ? infoRow(words, at + INFO) : undefined, cong: isWhole ? congestionText(words, at + CONGESTION) : undefined,
  };
}
