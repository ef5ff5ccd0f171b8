/** The names of the values of `tcp-state`, `tcp-ca-state` and `inet-diag-timer`. */
const STATES = [
  '',
  'established',
  'syn-sent',
  'syn-recv',
  'fin-wait1',
  'fin-wait2',
  'time-wait',
  'close',
  'close-wait',
  'last-ack',
  'listen',
  'closing',
];
const CA_STATES = ['open', 'disorder', 'cwr', 'recovery', 'loss'];
const TIMERS = ['none', 'retransmit', 'keepalive', 'time-wait', 'probe0'];

/** The attributes of a row, in the order of their types: congestion control is 4, the group of processes 21. */
const [INFO, CONGESTION, SHUTDOWN, MARK, GROUP, OPTIONS] = [2, 4, 8, 15, 21, 22] as const;

const OCTETS = Array.from({ length: 256 }, (_, octet) => String(octet));

function address(word: number): string {
  return `${OCTETS[word & 255]!}.${OCTETS[(word >> 8) & 255]!}.${OCTETS[(word >> 16) & 255]!}.${OCTETS[word >>> 24]!}`;
}

function port(half: number): number {
  return ((half & 255) << 8) | (half >> 8);
}

function long(words: Uint32Array, at: number): bigint {
  const [low, high] = [words[at]!, words[at + 1]!];
  return low === 0 && high === 0 ? 0n : BigInt(low) | (BigInt(high) << 32n);
}

/** Returns the object of struct tcp_info. @param w - The words of a slab. @param a - The first word of the struct. */
function tcpInfo(w: Uint32Array, a: number): object {
  const [first, second, timeouts] = [w[a]!, w[a + 1]!, w[a + 60]!];
  // prettier-ignore
  return {
    state: STATES[first & 255], caState: CA_STATES[(first >> 8) & 255], retransmits: (first >> 16) & 255, probes: first >>> 24,
    backoff: second & 255, options: (second >> 8) & 255, wscale: (second >> 16) & 255, bits: second >>> 24,
    rto: w[a + 2], ato: w[a + 3], sndMss: w[a + 4], rcvMss: w[a + 5], unacked: w[a + 6], sacked: w[a + 7], lost: w[a + 8], retrans: w[a + 9],
    fackets: w[a + 10], lastDataSent: w[a + 11], lastAckSent: w[a + 12], lastDataRecv: w[a + 13], lastAckRecv: w[a + 14], pmtu: w[a + 15],
    rcvSsthresh: w[a + 16], rtt: w[a + 17], rttvar: w[a + 18], sndSsthresh: w[a + 19], sndCwnd: w[a + 20], advmss: w[a + 21],
    reordering: w[a + 22], rcvRtt: w[a + 23], rcvSpace: w[a + 24], totalRetrans: w[a + 25],
    pacingRate: long(w, a + 26), maxPacingRate: long(w, a + 28), bytesAcked: long(w, a + 30), bytesReceived: long(w, a + 32),
    segsOut: w[a + 34], segsIn: w[a + 35], notsentBytes: w[a + 36], minRtt: w[a + 37], dataSegsIn: w[a + 38], dataSegsOut: w[a + 39],
    deliveryRate: long(w, a + 40), busyTime: long(w, a + 42), rwndLimited: long(w, a + 44), sndbufLimited: long(w, a + 46),
    delivered: w[a + 48], deliveredCe: w[a + 49], bytesSent: long(w, a + 50), bytesRetrans: long(w, a + 52),
    dsackDups: w[a + 54], reordSeen: w[a + 55], rcvOoopack: w[a + 56], sndWnd: w[a + 57], rcvWnd: w[a + 58], rehash: w[a + 59],
    totalRto: timeouts & 0xffff, totalRtoRecoveries: timeouts >>> 16, totalRtoTime: w[a + 61],
    receivedCe: w[a + 62], deliveredE1Bytes: w[a + 63], deliveredE0Bytes: w[a + 64], deliveredCeBytes: w[a + 65],
    receivedE1Bytes: w[a + 66], receivedE0Bytes: w[a + 67], receivedCeBytes: w[a + 68], bits2: w[a + 69]! & 0xffff,
  };
}

/** Returns the name of an algorithm: the kernel sends few, each many times. */
function congestion(bytes: Uint8Array, at: number, length: number): string {
  let name = '';
  for (let index = 0; index < length; index++) name += String.fromCharCode(bytes[at + index]!);
  return name;
}

/** The words from the start of a message to the payload of each attribute, by its type; 0 if there is none. */
const places = new Int32Array(32);

/** Returns the object that the typed client returns for an IPv4 socket of TCP. @param a - The first word of the message. */
export function socketRow(w: Uint32Array, a: number): object {
  const end = w[a]! >> 2;
  places.fill(0);
  for (let next = 22; next < end; next += ((w[a + next]! & 0xffff) + 3) >> 2) places[w[a + next]! >>> 16] = next + 1;
  const word = (type: number): number => w[a + places[type]!]!;
  const [head, ports, info] = [w[a + 4]!, w[a + 5]!, places[INFO]!];
  const text = places[CONGESTION]!;
  return {
    family: head & 255,
    state: STATES[(head >> 8) & 255],
    timer: TIMERS[(head >> 16) & 255],
    retrans: head >>> 24,
    id: {
      sport: port(ports & 0xffff),
      dport: port(ports >>> 16),
      src: address(w[a + 6]!),
      dst: address(w[a + 10]!),
      if: w[a + 14]!,
      cookie: [w[a + 15]!, w[a + 16]!],
    },
    expires: w[a + 17]!,
    rqueue: w[a + 18]!,
    wqueue: w[a + 19]!,
    uid: w[a + 20]!,
    inode: w[a + 21]!,
    shutdown: word(SHUTDOWN) & 255,
    mark: word(MARK),
    cgroupId: long(w, a + places[GROUP]!),
    sockopt: { first: word(OPTIONS) & 255, second: (word(OPTIONS) >> 8) & 255 },
    ...(info > 0 && { info: tcpInfo(w, a + info) }),
    ...(text > 0 && { cong: congestion(new Uint8Array(w.buffer), 4 * (a + text), (w[a + text - 1]! & 0xffff) - 5) }),
  };
}
