import { integer, linkName, pair, ports, uint32, type Check } from '../fields/check.js';
import { number, numbered, plain, type Option } from '../fields/option.js';
import type { RuleFields } from './rule.js';

/** The numbers of IP protocols (uapi/linux/in.h). */
const IP_PROTOCOLS = {
  ...{ icmp: 1, tcp: 6, udp: 17, dccp: 33, gre: 47, esp: 50, ah: 51, 'ipv6-icmp': 58, sctp: 132, udplite: 136 },
} as const;

const users = pair(uint32);

interface Range {
  readonly start: number;
  readonly end: number;
}

function range(attribute: string, check: Check, isSingle: boolean): Option {
  return {
    attribute,
    check,
    read: (value) => {
      const { start, end } = value as Range;
      return isSingle && start === end ? start : [start, end];
    },
    write: (value) => (Array.isArray(value) ? { start: value[0] as number, end: value[1] as number } : { start: value, end: value }),
  };
}

/** A number of which one value means that the property is absent. */
function unless(option: Option, absent: number): Option {
  return {
    ...option,
    read: (value, names) => (value === absent ? undefined : option.read(value, names)),
    write: (value) => value ?? absent,
  };
}

/** The properties of a rule that are one attribute each. @internal */
export const RULE_OPTIONS: { readonly [K in keyof RuleFields]?: Option } = {
  priority: number('priority'),
  iif: plain('iifname', linkName(15)),
  oif: plain('oifname', linkName(15)),
  mark: number('fwmark'),
  // The kernel fills in the masks.
  mask: unless(number('fwmask'), 0xffff_ffff),
  dscp: number('dscp', 63),
  dscpMask: unless(number('dscpMask', 63), 63),
  flowLabel: number('flowlabel', 0xf_ffff),
  flowLabelMask: unless(number('flowlabelMask', 0xf_ffff), 0xf_ffff),
  ipProtocol: numbered('ipProto', IP_PROTOCOLS),
  sourcePorts: range('sportRange', ports, true),
  sourcePortMask: unless(number('sportMask', 0xffff), 0xffff),
  ports: range('dportRange', ports, true),
  portMask: unless(number('dportMask', 0xffff), 0xffff),
  uids: range('uidRange', users, false),
  tunnelId: {
    attribute: 'tunId',
    check: integer(1, Number.MAX_SAFE_INTEGER),
    read: (value) => (value === 0n ? undefined : Number(value)),
    write: (value) => BigInt(value as number),
  },
  goto: number('goto', 0xffff_ffff, {}, 1),
  suppressPrefixLength: { ...unless(number('suppressPrefixlen', 128), 0xffff_ffff), nullable: true },
  suppressGroup: unless(number('suppressIfgroup', 0xffff_fffe), 0xffff_ffff),
  realms: number('flow'),
};
