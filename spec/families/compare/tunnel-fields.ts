import { hex, type Fields } from './fields.js';
import { byConvention } from './conventions.js';
import type { LinkNames } from './link-names.js';

type Data = Readonly<Record<string, unknown>>;
type KindFields = (names: LinkNames) => Fields<Data>;

const number = (data: Data, property: string): number => Number(data[property]);
const bit =
  (property: string, mask: number) =>
  (data: Data): boolean =>
    (number(data, property) & mask) !== 0;
const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
const address =
  (property: string) =>
  (data: Data): unknown =>
    ['0.0.0.0', '::'].includes(String(data[property])) ? 'any' : data[property];

/** GRE_CSUM, GRE_SEQ of linux/if_tunnel.h; the attribute is in network order. */
const [CSUM, SEQ] = [0x8000, 0x1000] as const;
/** IP6_TNL_F_* of linux/ip6_tunnel.h. */
const [IGNORE_LIMIT, DSCP_COPY, ALLOW_REMOTE] = [1, 0x10, 0x40] as const;

/** The common properties of tunnels; a tunnel's own link is the index of its lower link. */
const common: KindFields = (names) => ({
  remote: address('remote'),
  local: address('local'),
  link: (data) => names.of(number(data, 'link')),
  tos: (data) => hex(number(data, 'tos')),
  fwmark: (data) => hex(number(data, 'fwmark')),
  external: (data) => data['collectMetadata'] === true,
  ikey: (data) => dotted(number(data, 'ikey')),
  okey: (data) => dotted(number(data, 'okey')),
  encap: (data) => encapsulation(data),
});

/** TUNNEL_ENCAP_*, TUNNEL_ENCAP_FLAG_* of linux/if_tunnel.h. */
function encapsulation(data: Data): object {
  const flags = number(data, 'encapFlags');
  return {
    type: data['encapType'],
    sport: number(data, 'encapSport'),
    dport: number(data, 'encapDport'),
    csum: (flags & 1) !== 0,
    csum6: (flags & 2) !== 0,
    remcsum: (flags & 4) !== 0,
  };
}

export const GRE: KindFields = (names) =>
  byConvention<Data>({
    ...common(names),
    ignore_df: (data) => data['ignoreDf'] === 1,
    iseq: bit('iflags', SEQ),
    oseq: bit('oflags', SEQ),
    icsum: bit('iflags', CSUM),
    ocsum: bit('oflags', CSUM),
    erspan_dir: (data) => ['ingress', 'egress'][number(data, 'erspanDir')],
    erspan_hwid: (data) => hex(number(data, 'erspanHwid')),
  });

/** The traffic class and the flow label share a word with the version (RFC 8200). */
const flowInformation: Fields<Data> = {
  tclass: (data) => `0x${((number(data, 'flowinfo') >>> 20) & 255).toString(16).padStart(2, '0')}`,
  flowlabel: (data) => `0x${(number(data, 'flowinfo') & 0xfffff).toString(16).padStart(5, '0')}`,
  ip6_tnl_f_ign_encap_limit: bit('flags', IGNORE_LIMIT),
  ip6_tnl_f_rcv_dscp_copy: bit('flags', DSCP_COPY),
  ip6_tnl_f_allow_local_remote: bit('flags', ALLOW_REMOTE),
};

export const GRE6: KindFields = (names) => byConvention<Data>({ ...GRE(names), ...flowInformation });

export const IP6TNL: KindFields = (names) =>
  byConvention<Data>({
    ...common(names),
    ...flowInformation,
    proto: (data) => ({ 0: 'any', 4: 'ipip6', 41: 'ip6ip6' })[number(data, 'proto')],
  });

/** SIT_ISATAP of linux/if_tunnel.h. */
const ISATAP = 1;
export const IPIP: KindFields = (names) =>
  byConvention<Data>({
    ...common(names),
    proto: (data) => ({ 0: 'any', 4: 'ipip', 41: 'ip6ip', 137: 'mplsip' })[number(data, 'proto')],
    isatap: bit('flags', ISATAP),
    prefix: (data) => data['6rdPrefix'],
    prefixlen: (data) => data['6rdPrefixlen'],
    relay_prefix: (data) => data['6rdRelayPrefix'],
    relay_prefixlen: (data) => data['6rdRelayPrefixlen'],
  });

export const VTI: KindFields = (names) => byConvention<Data>(common(names));
