import { boolean } from '../../../fields/check.js';
import { absentAtZero, computed, number, presence, words, type Options } from '../../../fields/option.js';
import type { Normal } from '../../../fields/shape.js';
import { joinBits, splitBits, type Bits } from '../bits.js';
import type { KindData } from '../kind.js';

/** The options that IP tunnels share: packets in UDP, and parameters that routes give. @public */
export interface EncapsulationOptions {
  /** Packets of the tunnel are in UDP: foo over UDP or generic UDP encapsulation; absent: they are not (`*_ENCAP_TYPE`). */
  readonly encap?: 'none' | 'fou' | 'gue' | number;
  /** The UDP source port; absent: the kernel chooses one for each flow (`*_ENCAP_SPORT`). */
  readonly encapSourcePort?: number;
  /** The UDP port of the other end (`*_ENCAP_DPORT`). */
  readonly encapPort?: number;
  /** UDP checksums over IPv4 (`TUNNEL_ENCAP_FLAG_CSUM`). */
  readonly encapChecksum?: boolean;
  /** UDP checksums over IPv6 (`TUNNEL_ENCAP_FLAG_CSUM6`). */
  readonly encapChecksum6?: boolean;
  /** Remote checksum offload (`TUNNEL_ENCAP_FLAG_REMCSUM`). */
  readonly encapRemoteChecksum?: boolean;
  /** Routes or programs give the tunnel's parameters to each packet (`*_COLLECT_METADATA`). */
  readonly external?: boolean;
}

const FLAGS: Bits = { encapChecksum: 1, encapChecksum6: 2, encapRemoteChecksum: 4 };

const encap = words('encapType', ['none', 'fou', 'gue']);

/** @internal */
export const ENCAPSULATION: Options<EncapsulationOptions> = {
  encap: {
    ...encap,
    read: (value, names) => (value === 'none' ? undefined : encap.read(value, names)),
    same: (wanted, found) => wanted === (found ?? 'none'),
  },
  encapSourcePort: absentAtZero(number('encapSport', 0xffff)),
  encapPort: absentAtZero(number('encapDport', 0xffff)),
  encapChecksum: computed('encapChecksum', boolean),
  encapChecksum6: computed('encapChecksum6', boolean),
  encapRemoteChecksum: computed('encapRemoteChecksum', boolean),
  external: presence('collectMetadata', { fixed: true }),
};

/** Splits the flags of the encapsulation into options; a tunnel without one has none of them. @internal */
export function readEncapsulation(data: KindData): KindData {
  const { encapType, encapFlags } = data as { readonly encapType?: unknown; readonly encapFlags?: number };
  return encapType === undefined || encapType === 'none' ? data : splitBits(data, encapFlags, FLAGS);
}

/** Joins options to the flags of the encapsulation. @internal */
export function writeEncapsulation(data: KindData, options: Normal): KindData {
  const { mask, others } = joinBits(data, FLAGS);
  return mask === 0 ? others : { ...others, encapFlags: joinBits(options, FLAGS).value };
}
