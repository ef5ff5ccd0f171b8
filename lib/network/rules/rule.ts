import type { GetruleReply } from '../../families/rt-rule.js';
import type { Cidr, Row } from '../common/written.js';
import type { Where } from '../tables/verbs.js';

/** The action for a packet that a rule matches (`FR_ACT_*`). @public */
export type RuleAction = 'lookup' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit';

/** An IP protocol, by name or number. @public */
export type RuleIpProtocol = 'icmp' | 'tcp' | 'udp' | 'dccp' | 'ipv6-icmp' | 'sctp' | 'udplite' | 'gre' | 'esp' | 'ah' | number;

/** A port, or the first and the last one. @public */
export type RulePorts = number | readonly [number, number];

/** The properties of a routing rule that can be written. All of them together identify it. @public */
export interface RuleFields {
  /** The position; rules with lower ones come first (`FRA_PRIORITY`). Without one, the kernel would take a position before all others. */
  readonly priority: number;
  /** The IP version. Required only if there is no `from` and no `to`; readers always return it. */
  readonly family?: 4 | 6;
  /** The rule matches all other packets (`FIB_RULE_INVERT`). */
  readonly not?: boolean;
  /** The network of the source address; the kernel keeps its host bits (`FRA_SRC`). */
  readonly from?: Cidr;
  /** The network of the destination address (`FRA_DST`). */
  readonly to?: Cidr;
  /** The name of the link from which packets come; it need not exist (`FRA_IIFNAME`). */
  readonly iif?: string;
  /** The name of the link to which a socket is bound; it need not exist (`FRA_OIFNAME`). */
  readonly oif?: string;
  /** The firewall mark (`FRA_FWMARK`). */
  readonly mark?: number;
  /**
   * The bits of the mark that count, at least those of `mark` (`FRA_FWMASK`).
   * @defaultValue all
   */
  readonly mask?: number;
  /** The type of service (`tos`). */
  readonly tos?: number;
  /** The DSCP, from 0 to 63 (`FRA_DSCP`). */
  readonly dscp?: number;
  /**
   * The bits of the DSCP that count (`FRA_DSCP_MASK`).
   * @defaultValue all
   */
  readonly dscpMask?: number;
  /** IPv6: the flow label (`FRA_FLOWLABEL`). */
  readonly flowLabel?: number;
  /**
   * The bits of the flow label that count (`FRA_FLOWLABEL_MASK`).
   * @defaultValue all
   */
  readonly flowLabelMask?: number;
  /** The IP protocol (`FRA_IP_PROTO`). */
  readonly ipProtocol?: RuleIpProtocol;
  /** The source ports (`FRA_SPORT_RANGE`). */
  readonly sourcePorts?: RulePorts;
  /**
   * The bits of the source port that count (`FRA_SPORT_MASK`).
   * @defaultValue all
   */
  readonly sourcePortMask?: number;
  /** The destination ports (`FRA_DPORT_RANGE`). */
  readonly ports?: RulePorts;
  /**
   * The bits of the destination port that count (`FRA_DPORT_MASK`).
   * @defaultValue all
   */
  readonly portMask?: number;
  /** The first and the last user (`FRA_UID_RANGE`). */
  readonly uids?: readonly [number, number];
  /** The key of the tunnel from which packets come (`FRA_TUN_ID`). */
  readonly tunnelId?: number;
  /**
   * The action (`action`).
   * @defaultValue `'goto'` with `goto`, else `'lookup'`
   */
  readonly action?: RuleAction | number;
  /**
   * The routing table of action `'lookup'`, a name or a number from 1 (`FRA_TABLE`).
   * @defaultValue `'main'`
   */
  readonly table?: string | number;
  /** The table is that of the VRF of the link (`FRA_L3MDEV`). */
  readonly l3mdev?: boolean;
  /** The priority of the next rule of action `'goto'` (`FRA_GOTO`). */
  readonly goto?: number;
  /** Routes with a prefix up to this length do not count: 0 to 32, for IPv6 to 128 (`FRA_SUPPRESS_PREFIXLEN`). */
  readonly suppressPrefixLength?: number | null;
  /** Routes over links of this group do not count (`FRA_SUPPRESS_IFGROUP`). */
  readonly suppressGroup?: number;
  /** IPv4: the realms of source (upper 16 bits) and destination (`FRA_FLOW`). */
  readonly realms?: number;
  /**
   * The origin (`FRA_PROTOCOL`). If it is omitted, a rule of any origin is the same.
   * @defaultValue `'static'` for a new rule
   */
  readonly protocol?: string | number;
}

/** The properties of a rule that only the kernel sets. @public */
export interface RuleState {
  /** A link of the rule does not exist (`FIB_RULE_IIF_DETACHED`, `FIB_RULE_OIF_DETACHED`). */
  readonly detached?: boolean;
  /** No rule has the priority of `goto` (`FIB_RULE_UNRESOLVED`). */
  readonly unresolved?: boolean;
}

/** A routing rule. @public */
export interface Rule extends Omit<RuleFields, 'suppressPrefixLength'>, RuleState {
  /** The IP version. */
  readonly family: 4 | 6;
  /** Routes with a prefix of at most this length are ignored (`FRA_SUPPRESS_PREFIXLEN`); absent: none. */
  readonly suppressPrefixLength?: number;
  /** The row from which the object was made; not enumerable. */
  readonly [Row]: GetruleReply;
}

/** A routing rule to write. @public */
export type RuleSpec = RuleFields;

/** The key of a rule: any of its properties. An omitted one matches anything; `null` matches rules without it. @public */
export type RuleKey = { readonly [K in keyof RuleFields]?: RuleFields[K] | null };

/** A filter for rules. @public */
export type RuleFilter = Where<Omit<RuleFields, 'suppressPrefixLength'> & { readonly suppressPrefixLength?: number } & RuleState>;
