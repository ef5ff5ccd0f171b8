import { AttributeReader, ipv6Text, type Message } from '../../../wire/index.js';

/** RTM_NEWPREFIX: an IPv6 prefix that a router has announced. No specification of the kernel describes it. */
export const NEW_PREFIX = 52;

/** The size of `struct prefixmsg` (linux/rtnetlink.h), and the places of its fields. */
const HEADER_SIZE = 12;
const INDEX = 4;
const LENGTH = 9;
const FLAGS = 10;

/** PREFIX_ADDRESS and PREFIX_CACHEINFO, and IF_PREFIX_ONLINK and IF_PREFIX_AUTOCONF (linux/if_addr.h, net/if_inet6.h). */
const ADDRESS = 1;
const CACHE_INFO = 2;
const ON_LINK = 1;
const AUTOCONF = 2;

/** An announced prefix. */
export interface AnnouncedPrefix {
  readonly ifindex: number;
  readonly prefix: string;
  readonly onLink: boolean;
  /** Hosts may form addresses of it. */
  readonly autoconf: boolean;
  /** Lifetimes in seconds. */
  readonly preferred?: number;
  readonly valid?: number;
}

/** Returns the prefix of a message; undefined if its form is another one. */
export function announcedPrefix({ payload }: Pick<Message, 'payload'>): AnnouncedPrefix | undefined {
  if (payload.byteLength < HEADER_SIZE) return undefined;
  const attributes = new AttributeReader(payload, { start: HEADER_SIZE });
  const address = attributes.find(ADDRESS)?.payload;
  if (address?.byteLength !== 16) return undefined;
  const times = attributes.find(CACHE_INFO)?.payload;
  const flags = payload[FLAGS]!;
  return {
    ifindex: new Int32Array(payload.slice(INDEX, INDEX + 4).buffer)[0]!,
    prefix: `${ipv6Text(address)}/${String(payload[LENGTH])}`,
    onLink: (flags & ON_LINK) !== 0,
    autoconf: (flags & AUTOCONF) !== 0,
    ...(times?.byteLength === 8 && lifetimes(new Uint32Array(times.slice().buffer))),
  };
}

function lifetimes([preferred, valid]: Uint32Array): { preferred: number; valid: number } {
  return { preferred: preferred!, valid: valid! };
}
