import { expect } from 'chai';
import { rtRuleSchema } from '../../../lib/families/generated/rt-rule.js';
import type { RtRuleFamily } from '../../../lib/families/rt-rule.js';
import type { FamilyComparer } from '../comparer.js';
import { compareFields, hex, type Fields, type Shown } from './fields.js';
import { compareYnl } from './ynl.js';

type Row = RtRuleFamily['dump']['getrule']['reply'];

const TABLE: Readonly<Record<number, string>> = { 253: 'default', 254: 'main', 255: 'local' };
const IP_PROTOCOL: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp' };
// RTPROT_* of linux/rtnetlink.h, as iproute2's rt_protos names them
const PROTOCOL: Readonly<Record<number, string>> = { 0: 'unspec', 2: 'kernel', 3: 'boot', 4: 'static', 99: 'openr' };
const INVERT = 2; // FIB_RULE_INVERT of uapi/linux/fib_rules.h

const port = (range: Row['sportRange'], end: 'start' | 'end') => range?.[end];
/** The properties of a rule in `ip -d rule`. */
export const ruleFields: Fields<Row> = {
  priority: ({ priority }) => priority ?? 0,
  not: ({ flags }) => ((flags & INVERT) === 0 ? undefined : null),
  src: ({ src }) => src ?? 'all',
  srclen: ({ srcLen }) => srcLen,
  dst: ({ dst }) => dst,
  dstlen: ({ dstLen }) => dstLen,
  tos: ({ tos }) => `0x${tos.toString(16).padStart(2, '0')}`,
  fwmark: ({ fwmark }) => hex(fwmark ?? -1),
  fwmask: ({ fwmask }) => hex(fwmask ?? -1),
  iif: ({ iifname }) => iifname,
  oif: ({ oifname }) => oifname,
  iif_detached: ({ flags }) => ((flags & 8) === 0 ? undefined : null),
  oif_detached: ({ flags }) => ((flags & 16) === 0 ? undefined : null),
  uid_start: ({ uidRange }) => uidRange?.start,
  uid_end: ({ uidRange }) => uidRange?.end,
  l3mdev: ({ l3mdev }) => (l3mdev === 1 ? null : undefined),
  ipproto: ({ ipProto }) => IP_PROTOCOL[ipProto ?? 0],
  sport: ({ sportRange }) => port(sportRange, 'start'),
  sport_start: ({ sportRange }) => port(sportRange, 'start'),
  sport_end: ({ sportRange }) => port(sportRange, 'end'),
  sport_mask: ({ sportMask }) => hex(sportMask ?? -1),
  dport: ({ dportRange }) => port(dportRange, 'start'),
  dport_start: ({ dportRange }) => port(dportRange, 'start'),
  dport_end: ({ dportRange }) => port(dportRange, 'end'),
  dport_mask: ({ dportMask }) => hex(dportMask ?? -1),
  dscp: ({ dscp }) => (dscp === 10 ? 'AF11' : dscp),
  dscp_mask: ({ dscpMask }) => hex(dscpMask ?? -1),
  tun_id: ({ tunId }) => Number(tunId),
  table: ({ table }) => TABLE[table] ?? String(table),
  suppress_prefixlen: ({ suppressPrefixlen }) => suppressPrefixlen,
  suppress_ifgroup: ({ suppressIfgroup }) => (suppressIfgroup === undefined ? undefined : String(suppressIfgroup)),
  flowlabel: ({ flowlabel }) => hex(flowlabel ?? -1),
  flowlabel_mask: ({ flowlabelMask }) => hex(flowlabelMask ?? -1),
  flow_from: ({ flow }) => String((flow ?? 0) >> 16),
  flow_to: ({ flow }) => String((flow ?? 0) & 0xffff),
  protocol: ({ protocol }) => PROTOCOL[protocol ?? 0] ?? String(protocol),
  goto: ({ goto }) => goto,
  nop: ({ action }) => (action === 'nop' ? null : undefined),
  action: ({ action }) => action,
};

/** Attributes that the specification, and with it the Python client, declares wrongly. */
const OVERLAID = {
  '.src': 'is an address of either family, not a number',
  '.dst': 'is an address of either family, not a number',
  '.tun-id': 'is big-endian (FRA_TUN_ID)',
  '.table': 'the attribute wins over the eight bits in the header; the client lets the header win',
};

export const comparer: FamilyComparer = {
  schema: rtRuleSchema,
  compare({ command, shown, answers }) {
    const [{ op, rows }] = answers as [(typeof answers)[number]];
    if (command.startsWith('ynl ')) {
      compareYnl(rtRuleSchema, op, shown, rows, { overlaid: OVERLAID });
      return;
    }
    // The kernel keeps rules in order and dumps them in that order.
    const table = shown as readonly Shown[];
    expect(rows.length).to.equal(table.length);
    table.forEach((row, index) => {
      compareFields(`rule ${String(row['priority'])}`, row, rows[index] as unknown as Row, ruleFields);
    });
  },
};
