import { ClsFlags, type TcFamily } from '../../../lib/families/tc.js';
import { compareFields, type Fields, type Shown } from './fields.js';
import { optionsOf } from './tc-qdiscs.js';

type Qdisc = TcFamily['dump']['getqdisc']['reply'];
type Class = TcFamily['dump']['gettclass']['reply'];
type Filter = TcFamily['dump']['gettfilter']['reply'];
type HtbParms = NonNullable<Extract<Class, { kind: 'htb' }>['options']>['parms'];

// uapi/linux/pkt_sched.h: TC_H_ROOT, TC_H_CLSACT and its two blocks
export const ROOT = 0xffffffff;
export const CLSACT = 0xfffffff1;
export const INGRESS = 0xfffffff2;
export const EGRESS = 0xfffffff3;
export const ETH_P_IP = 0x0800;
export const ETH_P_ALL = 0x0003;
/** A packet scheduler's tick is 64 ns (/proc/net/psched): a burst is kept as the time that it takes at the rate. */
const TICK = 64e-9;

export const handleText = (handle: number): string => {
  const [major, minor] = [handle >>> 16, handle & 0xffff].map((part) => part.toString(16));
  return `${major!}:${minor === '0' ? '' : minor!}`;
};
/** tcm_info of a filter: its priority, and its protocol in network order. */
export const info = (priority: number, protocol: number): number =>
  ((priority << 16) | ((protocol >> 8) & 0xff) | ((protocol & 0xff) << 8)) >>> 0;
const protocolOf = (word: number) => ((word & 0xff) << 8) | ((word >> 8) & 0xff);
const bytesAt = (rate: number, ticks: number) => Math.round(rate * ticks * TICK);

const counters: Fields<Qdisc | Class> = {
  bytes: ({ stats2 }) => Number(stats2?.basic?.bytes),
  packets: ({ stats2 }) => stats2?.basic?.packets,
  drops: ({ stats2 }) => stats2?.queue?.drops,
  overlimits: ({ stats2 }) => stats2?.queue?.overlimits,
  requeues: ({ stats2 }) => stats2?.queue?.requeues,
  backlog: ({ stats2 }) => stats2?.queue?.backlog,
  qlen: ({ stats2 }) => stats2?.queue?.qlen,
};

export const qdisc: Fields<Qdisc> = {
  ...counters,
  kind: ({ kind }) => kind,
  handle: ({ handle }) => handleText(handle),
  root: ({ parent }) => parent === ROOT,
  parent: ({ parent }) => handleText(parent),
  refcnt: ({ info: references }) => references,
  ingress_block: ({ ingressBlock }) => ingressBlock,
  egress_block: ({ egressBlock }) => egressBlock,
  options: (row, shown) => qdiscOptions(row, shown as Shown),
};

function qdiscOptions(row: Qdisc, shown: Shown): unknown {
  if (row.kind === 'htb') {
    const { init, directQlen } = row.options!;
    const { version, rate2quantum, defcls, directPkts } = init!;
    return {
      r2q: rate2quantum,
      default: `0x${defcls.toString(16)}`,
      direct_packets_stat: directPkts,
      ver: `${String(version >> 16)}.${String(version & 0xffff)}`,
      direct_qlen: directQlen,
    };
  }
  if (row.kind !== 'tbf') return optionsOf(row as unknown as Parameters<typeof optionsOf>[0], shown);
  const { rate, peakrate, buffer, mtu, limit } = row.options!.parms!;
  const peak = bytesAt(peakrate.rate, mtu);
  const burst = bytesAt(rate.rate, buffer);
  return {
    rate: rate.rate,
    burst: burst % 1024 === 0 ? `${String(burst / 1024)}Kb/1` : `${String(burst)}b/1`,
    mpu: rate.mpu,
    mtu: `${String(peak)}b/1`,
    // tc says it twice, of the rate and of the peak.
    ...('mpu#1' in shown ? { 'mpu#1': peakrate.mpu } : {}),
    // What the queue holds beyond the buckets, at the slower of the rates: microseconds.
    lat: Math.max(
      ...[
        [rate.rate, burst],
        [peakrate.rate, peak],
      ].map(([speed, held]) => Math.floor(((limit - held!) * 1e6) / speed!)),
    ),
    linklayer: 'ethernet',
  };
}

const htbParms = (row: Class): NonNullable<HtbParms> => (row as Extract<Class, { kind: 'htb' }>).options!.parms!;
export const trafficClass: Fields<Class> = {
  class: ({ kind }) => kind,
  handle: ({ handle }) => handleText(handle),
  root: ({ parent }) => parent === ROOT,
  parent: ({ parent }) => handleText(parent),
  leaf: ({ info: leaf }) => `0x${(leaf >>> 16).toString(16)}`,
  prio: (row) => htbParms(row).prio,
  quantum: (row) => {
    const { quantum, quantaBand } = (row.options ?? {}) as { readonly quantum?: number; readonly quantaBand?: readonly number[] };
    return quantum ?? quantaBand?.[0] ?? htbParms(row).quantum;
  },
  rate: (row) => htbParms(row).rate.rate,
  ceil: (row) => htbParms(row).ceil.rate,
  overhead: (row) => htbParms(row).rate.overhead,
  linklayer: (row) => (htbParms(row).rate.linklayer === 1 ? 'ethernet' : undefined),
  burst: (row) => bytesAt(htbParms(row).rate.rate, htbParms(row).buffer),
  cburst: (row) => bytesAt(htbParms(row).ceil.rate, htbParms(row).cbuffer),
  burst_cell: (row) => 1 << htbParms(row).rate.cellLog,
  cburst_cell: (row) => 1 << htbParms(row).ceil.cellLog,
  mpu_rate: (row) => htbParms(row).rate.mpu,
  mpu_ceil: (row) => htbParms(row).ceil.mpu,
  level: (row) => htbParms(row).level,
  stats: (row, shown) => {
    if (!('lended' in (shown as Shown))) {
      compareFields('stats', shown as Shown, row, counters);
      return shown;
    }
    const { lended: _lended, borrowed: _borrowed, giants: _giants, tokens: _tokens, ctokens: _ctokens, ...common } = shown as Shown;
    compareFields('stats', common, row, counters);
    return { ...common, ...htbCounters(row) };
  },
};

function htbCounters(row: Class): object {
  if (row.kind !== 'htb' || row.xstats === undefined) return {};
  const { lends, borrows, giants, tokens, ctokens } = row.xstats;
  return { lended: lends, borrowed: borrows, giants, tokens, ctokens };
}

export const filter: Fields<Filter> = {
  parent: ({ parent }) => handleText(parent),
  protocol: ({ info: word }) => ({ [ETH_P_IP]: 'ip', [ETH_P_ALL]: 'all' })[protocolOf(word)],
  pref: ({ info: word }) => word >>> 16,
  kind: ({ kind }) => kind,
  chain: ({ chain }) => chain,
  options: (row) => filterOptions(row),
};

function filterOptions(row: Filter): unknown {
  if (row.kind === 'bpf') {
    const { ops, opsLen, flags = 0, flagsGen, classid } = row.options!;
    const view = new DataView(ops!.buffer, ops!.byteOffset, ops!.byteLength);
    const insns = Array.from({ length: opsLen! }, (_, index) => ({
      code: view.getUint16(index * 8, true),
      jt: view.getUint8(index * 8 + 2),
      jf: view.getUint8(index * 8 + 3),
      k: view.getUint32(index * 8 + 4, true),
    }));
    return {
      handle: `0x${row.handle.toString(16)}`,
      ...(classid === undefined ? {} : { flowid: handleText(classid) }),
      ...(flags & 1 ? { 'direct-action': true } : {}),
      ...(flagsGen! & ClsFlags.NotInNw ? { not_in_hw: true } : {}),
      bytecode: { length: opsLen, insns },
    };
  }
  const { divisor, sel, classid, flags } = (row as Extract<Filter, { kind: 'u32' }>).options!;
  const [table, bucket, node] = [row.handle >>> 20, (row.handle >>> 12) & 0xff, row.handle & 0xfff];
  const fh = `${table.toString(16)}:${bucket === 0 ? '' : bucket.toString(16)}${node === 0 ? '' : `:${node.toString(16)}`}`;
  if (divisor !== undefined) return { fh, ht_divisor: divisor };
  return {
    fh,
    order: node,
    key_ht: table.toString(16),
    bkt: bucket.toString(16),
    ...(classid === undefined ? {} : { flowid: handleText(classid) }),
    ...(flags! & ClsFlags.NotInNw ? { not_in_hw: true } : {}),
    ...Object.fromEntries(
      sel!.keys.map(({ val, mask, off }, index) => [
        `match${String(index)}`,
        { value: val.toString(16), mask: mask.toString(16), offmask: '', off },
      ]),
    ),
  };
}
