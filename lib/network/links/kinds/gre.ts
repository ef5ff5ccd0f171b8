import { boolean, uint32 } from '../../fields/check.js';
import { computed, ipAddress, number, toggle } from '../../fields/option.js';
import type { Kind } from './kind.js';
import { joinBits, splitBits, type Bits } from './bits.js';

/** The options of a GRE tunnel: `gre` and `gretap` (`IFLA_GRE_*`). `parent` is the link that carries it. @public */
export interface GreOptions {
  /** The source address (`IFLA_GRE_LOCAL`). */
  readonly local?: string;
  /** The address of the other end (`IFLA_GRE_REMOTE`). */
  readonly remote?: string;
  /** The hop limit; 0 for that of the inner packet (`IFLA_GRE_TTL`). */
  readonly ttl?: number;
  /** The type of service; 1 for that of the inner packet (`IFLA_GRE_TOS`). */
  readonly tos?: number;
  /** Path MTU discovery (`IFLA_GRE_PMTUDISC`). */
  readonly pathMtuDiscovery?: boolean;
  /** The tunnel ignores the don't-fragment bit of the inner packet (`IFLA_GRE_IGNORE_DF`). */
  readonly ignoreDf?: boolean;
  /** The key of received packets (`IFLA_GRE_IKEY`). */
  readonly inputKey?: number;
  /** The key of sent packets (`IFLA_GRE_OKEY`). */
  readonly outputKey?: number;
  /** Received packets need a checksum. */
  readonly inputChecksum?: boolean;
  /** Sent packets have a checksum. */
  readonly outputChecksum?: boolean;
  /** Received packets need a sequence number. */
  readonly inputSequence?: boolean;
  /** Sent packets have a sequence number. */
  readonly outputSequence?: boolean;
  /** The mark of the packets that carry the tunnel (`IFLA_GRE_FWMARK`). */
  readonly mark?: number;
}

/** GRE_KEY. */
const KEY = 0x2000;

/** GRE_CSUM and GRE_SEQ. */
const INPUT: Bits = { inputChecksum: 0x8000, inputSequence: 0x1000 };
const OUTPUT: Bits = { outputChecksum: 0x8000, outputSequence: 0x1000 };

/** The kinds `gre` and `gretap`. @internal */
export const gre: Kind<GreOptions> = {
  options: {
    local: ipAddress('local', '0.0.0.0'),
    remote: ipAddress('remote', '0.0.0.0'),
    ttl: number('ttl', 0xff),
    tos: number('tos', 0xff),
    pathMtuDiscovery: toggle('pmtudisc'),
    ignoreDf: toggle('ignoreDf'),
    inputKey: computed('inputKey', uint32),
    outputKey: computed('outputKey', uint32),
    inputChecksum: computed('inputChecksum', boolean),
    outputChecksum: computed('outputChecksum', boolean),
    inputSequence: computed('inputSequence', boolean),
    outputSequence: computed('outputSequence', boolean),
    mark: number('fwmark'),
  },
  whole: true,
  parentIn: 'link',
  fromData: (data) => {
    const { iflags, oflags, ikey, okey } = data as Readonly<Record<string, number | undefined>>;
    const split = splitBits(splitBits(data, iflags, INPUT), oflags, OUTPUT);
    const has = (flags: number | undefined): boolean => ((flags ?? 0) & KEY) !== 0;
    return { ...split, ...(has(iflags) && { inputKey: ikey }), ...(has(oflags) && { outputKey: okey }) };
  },
  toData: (data, options) => {
    const { inputKey, outputKey, ...others } = joinBits(joinBits(data, INPUT).others, OUTPUT).others;
    const key = (value: unknown): number => (value === undefined ? 0 : KEY);
    return {
      ...others,
      iflags: joinBits(options, INPUT).value | key(inputKey),
      oflags: joinBits(options, OUTPUT).value | key(outputKey),
      ...(inputKey !== undefined && { ikey: inputKey }),
      ...(outputKey !== undefined && { okey: outputKey }),
    };
  },
};
