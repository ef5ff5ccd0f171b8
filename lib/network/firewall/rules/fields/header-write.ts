import type { HeaderBytes, Part } from './part.js';

/** A checksum that the kernel corrects when it writes into a header: its kind (`NFT_PAYLOAD_CSUM_*`) and its place. */
interface Checksum {
  readonly csumType: number;
  readonly csumOffset: number;
}

const INET = 1;
const SCTP = 2;

const CHECKSUMS: Readonly<Record<string, Checksum>> = {
  ip: { csumType: INET, csumOffset: 10 },
  tcp: { csumType: INET, csumOffset: 16 },
  icmp: { csumType: INET, csumOffset: 2 },
  icmpv6: { csumType: INET, csumOffset: 2 },
  igmp: { csumType: INET, csumOffset: 2 },
  sctp: { csumType: SCTP, csumOffset: 8 },
};

/** The fields of IP that the checksums of TCP and UDP contain. */
const PSEUDO_HEADER: readonly string[] = [
  'ip.saddr',
  'ip.daddr',
  'ip.protocol',
  'ip.length',
  'ip6.saddr',
  'ip6.daddr',
  'ip6.nexthdr',
  'ip6.length',
];

/** The flag for that (`NFT_PAYLOAD_L4CSUM_PSEUDOHDR`). UDP has it too: a packet of UDP may have no checksum. */
const PSEUDO_FLAG = 1;

/** The write of a field: the bytes, which are more than those of the field if a checksum needs whole words or, as nft writes it, the tag of a VLAN, and the checksums. @internal */
export interface HeaderWrite {
  readonly header: HeaderBytes;
  /** The bits of the field in these bytes; undefined if it fills them. */
  readonly mask?: Buffer;
  /** Bits on the right of the value. */
  readonly shift: number;
  readonly checksums: { readonly csumType?: number; readonly csumOffset?: number; readonly csumFlags?: number };
}

/** Returns how a field of a header is written. @internal */
export function headerWrite(part: Part): HeaderWrite {
  const header = part.header!;
  const checksum = part.protocol === undefined ? undefined : CHECKSUMS[part.protocol];
  const hasWords = checksum !== undefined || part.protocol === 'vlan';
  const offset = hasWords ? header.offset - (header.offset % 2) : header.offset;
  const last = header.offset + header.len;
  const end = hasWords ? last + (last % 2) : last;
  const shift = part.shift + 8 * (end - last);
  const isWhole = part.mask === undefined && offset === header.offset && end === last;
  const ones = ((1n << BigInt(part.type.bits)) - 1n) << BigInt(shift);
  const hasFlag = part.protocol === 'udp' || PSEUDO_HEADER.includes(part.name);
  return {
    header: { ...header, offset, len: end - offset },
    shift,
    ...(isWhole ? {} : { mask: Buffer.from(ones.toString(16).padStart(2 * (end - offset), '0'), 'hex') }),
    checksums: { ...checksum, ...(hasFlag ? { csumFlags: PSEUDO_FLAG } : {}) },
  };
}
