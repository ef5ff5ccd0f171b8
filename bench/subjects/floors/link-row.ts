import { ipv6Text, linkAddressText } from '../../../dist/index.js';

const STATES = ['unknown', 'not-present', 'down', 'lower-layer-down', 'testing', 'dormant', 'up'] as const;
const MODES = ['default', 'dormant'] as const;
const GENERATORS = ['eui64', 'none', 'stable-privacy', 'random'] as const;

/** The words from the start of a message to the payload of each attribute, by its type. All replies about one link have the same. */
interface Places {
  readonly length: number;
  readonly link: Int32Array;
  readonly inet: Int32Array;
  readonly inet6: Int32Array;
}

const [IFINFOMSG_END, AF_SPEC, AF_INET, AF_INET6] = [8, 26, 2, 10] as const;
let known: Places | undefined;

function locate(words: Uint32Array, at: number, from: number, to: number): Int32Array {
  const places = new Int32Array(80);
  for (let next = from; next < to; next += ((words[at + next]! & 0xffff) + 3) >> 2) places[(words[at + next]! >>> 16) & 0x3fff] = next + 1;
  return places;
}

function locateAll(words: Uint32Array, at: number): Places {
  const length = words[at]!;
  const endOf = (payload: number): number => payload - 1 + ((words[at + payload - 1]! & 0xffff) >> 2);
  const link = locate(words, at, IFINFOMSG_END, length >> 2);
  const families = locate(words, at, link[AF_SPEC]!, endOf(link[AF_SPEC]!));
  const [inet, inet6] = [AF_INET, AF_INET6].map((family) => locate(words, at, families[family]!, endOf(families[family]!)));
  return { length, link, inet: inet!, inet6: inet6! };
}

function long(words: Uint32Array, at: number): bigint {
  const low = words[at]!;
  const high = words[at + 1]!;
  return low === 0 && high === 0 ? 0n : BigInt(low) | (BigInt(high) << 32n);
}

function text(bytes: Uint8Array, at: number, length: number): string {
  let shown = '';
  for (let index = 0; index < length; index++) shown += String.fromCharCode(bytes[at + index]!);
  return shown;
}

function list<T>(words: Uint32Array, at: number, width: number, read: (at: number) => T): T[] {
  const items = new Array<T>((((words[at - 1]! & 0xffff) >> 2) - 1) / width);
  for (let index = 0; index < items.length; index++) items[index] = read(at + index * width);
  return items;
}

/** Returns the object that the typed client returns for link 1. */
export function linkRow(words: Uint32Array, at: number): object {
  if (known?.length !== words[at]!) known = locateAll(words, at);
  const { link, inet, inet6 } = known;
  const word = (type: number): number => words[at + link[type]!]!;
  const bytes = new Uint8Array(words.buffer);
  const mac = (type: number): string => linkAddressText(bytes, 4 * (at + link[type]!), 6);
  const name = (type: number): string => text(bytes, 4 * (at + link[type]!), (words[at + link[type]! - 1]! & 0xffff) - 5);
  const wide = at + link[23]!;
  const narrow = at + link[7]!;
  const map = at + link[14]!;
  const cache = at + inet6[5]!;
  const big = (index: number): bigint => long(words, wide + 2 * index);
  const small = (index: number): number => words[narrow + index]!;
  // prettier-ignore
  return {
    ifiFamily: words[at + 4]! & 0xff, ifiType: words[at + 4]! >>> 16, ifiIndex: words[at + 5]! | 0, ifiFlags: words[at + 6]!, ifiChange: words[at + 7]!,
    ifname: name(3), txqlen: word(13), operstate: STATES[word(16) & 0xff], linkmode: MODES[word(17) & 0xff],
    netnsImmutable: word(67) & 0xff, mtu: word(4), minMtu: word(50), maxMtu: word(51), group: word(27), promiscuity: word(30), allmulti: word(61),
    numTxQueues: word(31), gsoMaxSegs: word(40), gsoMaxSize: word(41), groMaxSize: word(58), gsoIpv4MaxSize: word(63), groIpv4MaxSize: word(64),
    tsoMaxSize: word(59), tsoMaxSegs: word(60), maxPacingOffloadHorizon: word(66) === 0 ? 0n : BigInt(word(66)), numRxQueues: word(32), carrier: word(33) & 0xff,
    carrierChanges: word(35), carrierUpCount: word(47), carrierDownCount: word(48), headroom: word(68) & 0xffff, tailroom: word(69) & 0xffff,
    protoDown: word(39) & 0xff, address: mac(1), broadcast: mac(2),
    stats64: {
      rxPackets: big(0), txPackets: big(1), rxBytes: big(2), txBytes: big(3), rxErrors: big(4), txErrors: big(5), rxDropped: big(6), txDropped: big(7),
      multicast: big(8), collisions: big(9), rxLengthErrors: big(10), rxOverErrors: big(11), rxCrcErrors: big(12), rxFrameErrors: big(13),
      rxFifoErrors: big(14), rxMissedErrors: big(15), txAbortedErrors: big(16), txCarrierErrors: big(17), txFifoErrors: big(18),
      txHeartbeatErrors: big(19), txWindowErrors: big(20), rxCompressed: big(21), txCompressed: big(22), rxNohandler: big(23), rxOtherhostDropped: big(24),
    },
    stats: {
      rxPackets: small(0), txPackets: small(1), rxBytes: small(2), txBytes: small(3), rxErrors: small(4), txErrors: small(5), rxDropped: small(6),
      txDropped: small(7), multicast: small(8), collisions: small(9), rxLengthErrors: small(10), rxOverErrors: small(11), rxCrcErrors: small(12),
      rxFrameErrors: small(13), rxFifoErrors: small(14), rxMissedErrors: small(15), txAbortedErrors: small(16), txCarrierErrors: small(17),
      txFifoErrors: small(18), txHeartbeatErrors: small(19), txWindowErrors: small(20), rxCompressed: small(21), txCompressed: small(22), rxNohandler: small(23),
    },
    xdp: { attached: 'none' }, qdisc: name(6),
    afSpec: {
      inet: { conf: list(words, at + inet[1]!, 1, (word) => words[word]!) },
      inet6: {
        flags: words[at + inet6[1]!]!,
        cacheinfo: { maxReasmLen: words[cache]!, tstamp: words[cache + 1]!, reachableTime: words[cache + 2]!, retransTime: words[cache + 3]! },
        conf: list(words, at + inet6[2]!, 1, (word) => words[word]!),
        stats: list(words, at + inet6[3]!, 2, (word) => long(words, word)),
        icmp6stats: list(words, at + inet6[6]!, 2, (word) => long(words, word)),
        token: ipv6Text(bytes, 4 * (at + inet6[7]!)), addrGenMode: GENERATORS[words[at + inet6[8]!]! & 0xff],
      },
    },
    map: {
      memStart: long(words, map), memEnd: long(words, map + 2), baseAddr: long(words, map + 4),
      irq: words[map + 6]! & 0xffff, dma: (words[map + 6]! >>> 16) & 0xff, port: words[map + 6]! >>> 24,
    },
    devlinkPort: {}, dpllPin: {},
  };
}
