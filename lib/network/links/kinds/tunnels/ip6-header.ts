import { FieldError } from '../../../common/field-error.js';
import { boolean, integer, shown, type Check } from '../../../fields/check.js';
import { computed, type Options } from '../../../fields/option.js';
import type { Normal } from '../../../fields/shape.js';
import { joinBits, splitBits, type Bits } from '../bits.js';
import type { KindData } from '../kind.js';

/** The options of the IPv6 header that carries a tunnel. @public */
export interface Ip6HeaderOptions {
  /** The number of tunnels that packets may enter after this one, or `'none'` for no option that limits it (`*_ENCAP_LIMIT`). @defaultValue for a new link 4 */
  readonly encapLimit?: number | 'none';
  /** The traffic class, 0 to 255 (`*_FLOWINFO`). */
  readonly trafficClass?: number;
  /** The flow label, 20 bits (`*_FLOWINFO`). */
  readonly flowLabel?: number;
  /** The traffic class is that of the inner packet (`IP6_TNL_F_USE_ORIG_TCLASS`). */
  readonly inheritTrafficClass?: boolean;
  /** The flow label is that of the inner packet (`IP6_TNL_F_USE_ORIG_FLOWLABEL`). */
  readonly inheritFlowLabel?: boolean;
  /** Received packets get the DSCP of the outer header (`IP6_TNL_F_RCV_DSCP_COPY`). */
  readonly copyDscp?: boolean;
  /** The mark is that of the inner packet (`IP6_TNL_F_USE_ORIG_FWMARK`). */
  readonly inheritMark?: boolean;
  /** The remote address may be one of this host (`IP6_TNL_F_ALLOW_LOCAL_REMOTE`). */
  readonly allowLocalRemote?: boolean;
}

/** IP6_TNL_F_IGN_ENCAP_LIMIT. */
const NO_LIMIT = 1;

/** The values that `ip` writes for a new tunnel; those of the kernel are 0, with which a packet cannot enter another tunnel. */
const [LIMIT, TTL] = [4, 64];

const FLAGS: Bits = { inheritTrafficClass: 2, inheritFlowLabel: 4, copyDscp: 0x10, inheritMark: 0x20, allowLocalRemote: 0x40 };

const limit: Check = (value, path) => {
  if (value === 'none') return value;
  if (typeof value === 'number') return integer(0, 0xff)(value, path);
  throw new FieldError(path, `expected an integer from 0 to 255 or 'none', not ${shown(value)}`);
};

/** @internal */
export const IP6_HEADER: Options<Ip6HeaderOptions> = {
  encapLimit: computed('encapLimit', limit),
  trafficClass: computed('trafficClass', integer(0, 0xff)),
  flowLabel: computed('flowLabel', integer(0, 0xf_ffff)),
  inheritTrafficClass: computed('inheritTrafficClass', boolean),
  inheritFlowLabel: computed('inheritFlowLabel', boolean),
  copyDscp: computed('copyDscp', boolean),
  inheritMark: computed('inheritMark', boolean),
  allowLocalRemote: computed('allowLocalRemote', boolean),
};

/** Splits flags and flow information into options. @internal */
export function readIp6Header(data: KindData): KindData {
  const { flags = 0, flowinfo = 0, encapLimit } = data as Readonly<Record<string, number | undefined>>;
  return {
    ...splitBits(data, flags, FLAGS),
    ...(encapLimit !== undefined && { encapLimit: (flags & NO_LIMIT) === 0 ? encapLimit : 'none' }),
    trafficClass: (flowinfo >>> 20) & 0xff,
    flowLabel: flowinfo & 0xf_ffff,
  };
}

/** Joins options to flags and flow information. @internal */
export function writeIp6Header(data: KindData, options: Normal): KindData {
  // An external tunnel has no header of its own.
  const isExternal = data['collectMetadata'] === true;
  const {
    encapLimit = isExternal ? 0 : LIMIT,
    trafficClass = 0,
    flowLabel = 0,
    ...others
  } = joinBits(data, FLAGS).others as Record<string, unknown>;
  return {
    ...(!isExternal && { ttl: TTL }),
    ...others,
    encapLimit: encapLimit === 'none' ? 0 : encapLimit,
    flowinfo: ((trafficClass as number) << 20) | (flowLabel as number),
    flags: joinBits(options, FLAGS).value | (encapLimit === 'none' ? NO_LIMIT : 0),
  };
}
