import { hostIsLittleEndian } from '../../../lib/index.js';
import { Indexes } from '../../../lib/schema/index.js';
import type { TcFamily } from '../../../lib/families/tc.js';
import { networkOrder32 } from '../../support/host-order.js';
import { plainly } from './conventions.js';
import { compareFields, hex, type Fields, type Shown } from './fields.js';
import type { LinkNames } from './link-names.js';
import { TICK, addressText, bytecode, handleText, protocolText } from './tc-words.js';

type Filter = TcFamily['dump']['gettfilter']['reply'];
export type Action = NonNullable<NonNullable<Extract<Filter, { kind: 'matchall' }>['options']>['act']>[number];
type Options<Kind> = NonNullable<Extract<Action, { kind: Kind }>['options']>;
type OptionFields<Kind> = Fields<Options<Kind>>;
type General = { readonly [key in 'index' | 'action' | 'refcnt' | 'bindcnt']: number };

/** TC_ACT_* of linux/pkt_cls.h, beginning with -1. */
const VERDICTS = ['continue', 'pass', 'reclassify', 'drop', 'pipe', 'stolen', 'queued', 'repeat', 'redirect', 'trap'];
const GOTO = 2;

function verdict(action: number): object {
  if (action >>> 28 === GOTO) return { type: 'goto', chain: action & 0x0fffffff };
  return { type: VERDICTS[action + 1] };
}

/** Times of actions are in hundredths of a second. */
const seconds = (time: bigint | undefined): number => Math.floor(Number(time) / 100);
const known = (bytes: Uint8Array | undefined, value: (view: DataView) => number): number | 'allow' =>
  bytes!.length === 0 ? 'allow' : value(new DataView(bytes!.buffer, bytes!.byteOffset));

const gact: OptionFields<'gact'> = {
  prob: ({ prob }) => ({
    random_type: ['none', 'netrand', 'determ'][prob?.ptype ?? 0],
    control_action: verdict(prob?.paction ?? 0),
    val: prob?.pval ?? 0,
  }),
};

const csum: OptionFields<'csum'> = {
  // TCA_CSUM_UPDATE_FLAG_*, bit 0 first
  csum: ({ parms }) =>
    ['iph', 'icmp', 'igmp', 'tcp', 'udp', 'udplite', 'sctp'].filter((_, bit) => (parms!.updateFlags & (1 << bit)) !== 0).join(', '),
};

const ct: OptionFields<'ct'> = {
  // TCA_CT_ACT_COMMIT, _CLEAR
  action: ({ action }) => (action! & 1 ? 'commit' : action! & 4 ? 'clear' : undefined),
  mark: ({ mark }) => mark,
  mark_mask: ({ markMask }) => markMask!.toString(16),
  zone: ({ zone }) => zone,
  // A label without a mask has a mask of ones.
  label: ({ labels, labelsMask }) => (labelsMask!.every((byte) => byte === 0xff) ? Buffer.from(labels!).toString('hex') : undefined),
  helper: ({ helperFamily, helperProto, helperName }) =>
    `${helperFamily === 2 ? 'ipv4' : 'ipv6'}-${helperProto === 6 ? 'tcp' : 'udp'}-${helperName!}`,
  nat: ({ action, natIpv4Min, natIpv4Max, natIpv6Min, natIpv6Max, natPortMin, natPortMax }) =>
    `${action! & 16 ? 'src' : 'dst'} addr ${(natIpv4Min ?? natIpv6Min)!}-${(natIpv4Max ?? natIpv6Max)!}` +
    (natPortMin === undefined ? '' : ` port ${String(natPortMin)}-${String(natPortMax)}`),
};

const ctinfo: OptionFields<'ctinfo'> = {
  zone: ({ zone }) => zone,
  dscpmask: ({ parmsDscpMask }) => hex(parmsDscpMask!),
  dscpstatemask: ({ parmsDscpStatemask }) => hex(parmsDscpStatemask!),
  cpmark: ({ parmsCpmarkMask }) => hex(parmsCpmarkMask!),
  dscpset: ({ statsDscpSet }) => Number(statsDscpSet),
  dscperror: ({ statsDscpError }) => Number(statsDscpError),
  cpmarkset: ({ statsCpmarkSet }) => Number(statsCpmarkSet),
};

const gate: OptionFields<'gate'> = {
  priority: ({ priority }) => priority,
  clockid: ({ clockid }) => ({ 0: 'REALTIME', 1: 'MONOTONIC', 7: 'BOOTTIME', 11: 'TAI' })[clockid!],
  flags: ({ flags }) => flags!.toString(16),
  base_time: ({ baseTime }) => Number(baseTime),
  cycle_time: ({ cycleTime }) => Number(cycleTime),
  cycle_time_ext: ({ cycleTimeExt }) => Number(cycleTimeExt),
  schedule: ({ entryList }) =>
    entryList!.oneEntry!.map(({ index, gate: open, interval, ipv, maxOctets }) => ({
      number: index,
      gate_state: open === true ? 'open' : 'close',
      interval,
      ipv,
      max_octets: maxOctets,
    })),
};

const ife: OptionFields<'ife'> = {
  mode: ({ parms }) => (parms!.flags & 1 ? 'encode' : 'decode'),
  type: ({ type }) => hex(type!),
  mark: ({ metalst }) => known(metalst!.skbmark, (view) => view.getUint32(0, hostIsLittleEndian)),
  prio: ({ metalst }) => known(metalst!.prio, (view) => view.getUint32(0, hostIsLittleEndian)),
  tcindex: ({ metalst }) => known(metalst!.tcindex, (view) => view.getUint16(0, hostIsLittleEndian)),
  dst: ({ dmac }) => dmac,
  src: ({ smac }) => smac,
};

/** tc reads names by ioctl, which captures lack; the namespaces have a pair of links, v1 created before v0. */
const MADE: Readonly<Record<number, string>> = { 2: 'v1', 3: 'v0' };

const mirred = (links: LinkNames): OptionFields<'mirred'> => ({
  mirred_action: ({ parms }) => (String(parms!.eaction).endsWith('redir') ? 'redirect' : 'mirror'),
  direction: ({ parms }) => String(parms!.eaction).split('-')[0],
  to_blockid: ({ blockid }) => blockid,
  to_dev: ({ parms }) => links.of(parms!.ifindex) ?? MADE[parms!.ifindex],
});

const mpls: OptionFields<'mpls'> = {
  mpls_action: ({ parms }) => String(parms!.mAction).replace('-', '_'),
  protocol: ({ proto }) => protocolText(proto!),
  label: ({ label }) => label,
  tc: ({ tc }) => tc,
  bos: ({ bos }) => bos,
  ttl: ({ ttl }) => ttl,
};

const nat: OptionFields<'nat'> = {
  type: () => 'nat',
  direction: ({ parms }) => (parms!.flags & 1 ? 'egress' : 'ingress'),
  old_addr: ({ parms }) => addressText(parms!.oldAddr, parms!.mask),
  new_addr: ({ parms }) => parms!.newAddr,
};

const pedit: OptionFields<'pedit'> = {
  nkeys: ({ parmsEx }) => parmsEx!.nkeys,
  keys: ({ parmsEx, keysEx }) =>
    parmsEx!.keys.map(({ off, val, mask }, at) => {
      const { htype, cmd } = keysEx!.keyEx![at]!;
      return {
        htype: ['network', 'eth', 'ipv4', 'ipv6', 'tcp', 'udp'][htype!],
        offset: off,
        cmd: ['set', 'add'][cmd!],
        val: networkOrder32(val).toString(16),
        mask: networkOrder32(mask).toString(16),
      };
    }),
};

const police: OptionFields<'police'> = {
  index: ({ tbf }) => tbf!.index,
  control_action: ({ tbf }) => verdict(tbf!.action),
  // The action for packets that conform to the rate
  'control_action#1': ({ result }) => verdict(result!),
  ref: ({ tbf }) => tbf!.refcnt,
  bind: ({ tbf }) => tbf!.bindcnt,
  overhead: ({ tbf }) => tbf!.rate.overhead,
  linklayer: ({ tbf }) => ['unspec', 'ethernet', 'atm'][tbf!.rate.linklayer],
  pkts_rate: ({ pktrate64 }) => Number(pktrate64),
  pkts_burst: ({ pktrate64, pktburst64 }) => Math.round(Number(pktrate64) * Number(pktburst64) * TICK),
};

const sample: OptionFields<'sample'> = {
  rate: ({ rate }) => rate,
  group: ({ psampleGroup }) => psampleGroup,
  trunc_size: ({ truncSize }) => truncSize,
};

const skbedit: OptionFields<'skbedit'> = {
  priority: ({ priority }) => handleText(priority!),
  mark: ({ mark }) => mark,
  mask: ({ mask }) => mask?.toString(16),
  // PACKET_* of linux/if_packet.h
  ptype: ({ ptype }) => ['host', 'broadcast', 'multicast', 'otherhost'][ptype!],
};

const skbmod: OptionFields<'skbmod'> = {
  etype: ({ etype }) => hex(etype!),
  dmac: ({ dmac }) => dmac,
  smac: ({ smac }) => smac,
};

const tunnelKey: OptionFields<'tunnel_key'> = {
  mode: ({ parms }) => (parms!.tAction === 'release' ? 'unset' : parms!.tAction),
  src_ip: ({ encIpv4Src, encIpv6Src }) => encIpv4Src ?? encIpv6Src,
  dst_ip: ({ encIpv4Dst, encIpv6Dst }) => encIpv4Dst ?? encIpv6Dst,
  key_id: ({ encKeyId }) => encKeyId,
  dst_port: ({ encDstPort }) => encDstPort,
  vxlan_opts: ({ encOpts }) => [encOpts!.vxlan],
  erspan_opts: ({ encOpts }) => [{ index: 0, dir: 0, hwid: 0, ...encOpts!.erspan }],
  geneve_opts: ({ encOpts }) => encOpts!.geneve!.map((option) => ({ ...option, data: [...option.data!] })),
  flag: ({ noCsum }) => (noCsum === 1 ? 'nocsum' : 'csum'),
  nofrag: ({ noFrag }) => noFrag === true,
  tos: ({ encTos }) => encTos,
  ttl: ({ encTtl }) => encTtl,
};

const vlan: OptionFields<'vlan'> = {
  vlan_action: ({ parms }) => String(parms!.vAction).replace('-', '_'),
  dst_mac: ({ pushEthDst }) => pushEthDst,
  src_mac: ({ pushEthSrc }) => pushEthSrc,
  id: ({ pushVlanId }) => pushVlanId,
  protocol: ({ pushVlanProtocol }) => protocolText(pushVlanProtocol!),
  priority: ({ pushVlanPriority }) => pushVlanPriority,
};

/** The properties of single actions, beside those of all. */
const KINDS = (links: LinkNames): Readonly<Record<string, Fields<never>>> => ({
  ...{ gact, csum, ct, ctinfo, gate, ife, mpls, nat, pedit, police, sample, skbedit, skbmod, vlan },
  ...{ tunnel_key: tunnelKey, mirred: mirred(links) },
  bpf: { bytecode: ({ ops }: Options<'bpf'>) => bytecode(ops!) },
  connmark: { zone: ({ parms }: Options<'connmark'>) => parms!.zone },
  simple: { simple: ({ data }: Options<'simple'>) => Buffer.from(data!).toString().replace(/\0$/, '') },
});

const general = ({ options }: Action): General => {
  const { parms, parmsEx, act } = options as unknown as Readonly<Record<string, General | undefined>>;
  return (parms ?? parmsEx ?? act)!;
};
const timer = ({ options }: Action): { readonly install: bigint; readonly lastuse: bigint } =>
  (options as unknown as { readonly tm: { readonly install: bigint; readonly lastuse: bigint } }).tm;

/** The properties of every action. */
const common: Fields<Action> = {
  kind: ({ kind }) => kind,
  control_action: (action) => verdict(general(action).action),
  index: (action) => general(action).index,
  ref: (action) => general(action).refcnt,
  bind: (action) => general(action).bindcnt,
  installed: (action) => seconds(timer(action).install),
  cookie: ({ cookie }) => cookie && Buffer.from(cookie).toString('hex'),
  not_in_hw: ({ inHwCount }) => (inHwCount === 0 ? true : undefined),
  // TCA_ACT_HW_STATS_* with no bit set
  used_hw_stats: ({ usedHwStats }) => (usedHwStats?.value === 0 ? ['disabled'] : undefined),
  last_used: (action) => seconds(timer(action).lastuse),
  stats: ({ stats }, shown) => {
    const counted: Readonly<Record<string, unknown>> = { ...stats?.basic, ...stats?.queue };
    return Object.fromEntries(Object.keys(shown as Shown).map((key) => [key, plainly(counted[key], 0)]));
  },
};

/** Compares the actions of a filter by their order. */
export function compareActions(shown: readonly Shown[], actions: readonly Action[] | undefined, links: LinkNames): void {
  const indexes = (actions as { readonly [Indexes]?: readonly number[] } | undefined)?.[Indexes];
  const orders = (actions ?? []).map((_, at) => indexes?.[at] ?? at + 1);
  const kinds = KINDS(links);
  if (shown.map(({ order }) => order).join() !== orders.join()) throw new Error(`actions ${orders.join()} differ from what tc shows`);
  shown.forEach(({ order, ...rest }, at) => {
    const action = actions![at]!;
    const own = kinds[action.kind!];
    if (own === undefined) throw new Error(`nothing is compared with ${action.kind!}`);
    const fields = Object.fromEntries(
      Object.entries(own).map(([key, field]) => [key, ({ options }: Action, seen: unknown) => field(options as never, seen)]),
    );
    compareFields(`action ${String(order)} ${action.kind!}`, rest, action, { ...common, ...fields });
  });
}
