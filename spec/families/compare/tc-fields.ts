import type { TcFamily } from '../../../lib/families/tc.js';
import { networkOrder16 } from '../../support/host-order.js';
import { compareFields, within, type Fields, type Shown } from './fields.js';
import { classWords } from './tc-class-words.js';
import { optionsOf } from './tc-qdiscs.js';
import { TICK, handleText } from './tc-words.js';

type Qdisc = TcFamily['dump']['getqdisc']['reply'];
type Class = TcFamily['dump']['gettclass']['reply'];
type HtbParms = NonNullable<Extract<Class, { kind: 'htb' }>['options']>['parms'];

// uapi/linux/pkt_sched.h: TC_H_ROOT, TC_H_CLSACT and its two hooks
export const ROOT = 0xffffffff;
export const CLSACT = 0xfffffff1;
export const INGRESS = 0xfffffff2;
export const EGRESS = 0xfffffff3;
export const ETH_P_IP = 0x0800;
export const ETH_P_ALL = 0x0003;

/** The fields of a filter's tcm_info: its priority, and its protocol in network order. */
export const info = (priority: number, protocol: number): number => ((priority << 16) | networkOrder16(protocol)) >>> 0;
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
  // The bytes and packets per second of an estimator
  rate: ({ stats2 }) => Number(stats2?.rateEst64?.bps ?? stats2?.rateEst?.bps),
  pps: ({ stats2 }) => Number(stats2?.rateEst64?.pps ?? stats2?.rateEst?.pps),
  stab: ({ stab }) => ({ linklayer: ['unspec', 'ethernet', 'atm'][stab!.base!.linklayer], overhead: stab!.base!.overhead }),
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
  // A rate above 32 bits has an attribute of its own.
  const speed = Number(row.options!.rate64 ?? rate.rate);
  const burst = bytesAt(speed, buffer);
  // The queue beyond the buckets, at the slower of the rates, in microseconds.
  const latency = Math.max(
    ...[[speed, burst], ...(peakrate.rate === 0 ? [] : [[peakrate.rate, peak]])].map(([bytes, held]) =>
      Math.floor(((limit - held!) * 1e6) / bytes!),
    ),
  );
  return {
    rate: speed,
    burst: burstText(burst),
    mpu: rate.mpu,
    ...('mtu' in shown ? { mtu: `${String(peak)}b/1` } : {}),
    // tc prints it twice: for the rate and for the peak rate.
    ...('mpu#1' in shown ? { 'mpu#1': peakrate.mpu } : {}),
    // tc truncates a floating-point number, and compilers for s390x multiply and subtract with one rounding.
    lat: within(1, shown['lat'], latency),
    linklayer: 'ethernet',
  };
}

/** iproute2 prints a bucket in the largest unit that divides it; megabytes approximately. */
function burstText(bytes: number): string {
  const megabytes = Math.round(bytes / 0x100000);
  if (megabytes > 0 && Math.abs(megabytes * 0x100000 - bytes) < 1024) return `${String(megabytes)}Mb/1`;
  return bytes % 1024 === 0 ? `${String(bytes / 1024)}Kb/1` : `${String(bytes)}b/1`;
}

const htbParms = (row: Class): NonNullable<HtbParms> => (row as Extract<Class, { kind: 'htb' }>).options!.parms!;
/** A rate above 32 bits has an attribute of its own. */
const htbRate = (row: Class, which: 'rate' | 'ceil'): number => {
  const { rate64, ceil64 } = (row as Extract<Class, { kind: 'htb' }>).options!;
  return Number((which === 'rate' ? rate64 : ceil64) ?? htbParms(row)[which].rate);
};

export const trafficClass: Fields<Class> = {
  class: ({ kind }) => kind,
  handle: ({ handle }) => handleText(handle),
  root: ({ parent }) => parent === ROOT,
  parent: ({ parent }) => (parent === ROOT ? 'root' : handleText(parent)),
  leaf: ({ info: leaf }) => `0x${(leaf >>> 16).toString(16)}`,
  prio: (row) => htbParms(row).prio,
  quantum: (row) => {
    const { quantum, quantaBand } = (row.options ?? {}) as { readonly quantum?: number; readonly quantaBand?: readonly number[] };
    return quantum ?? quantaBand?.[0] ?? htbParms(row).quantum;
  },
  rate: (row) => htbRate(row, 'rate'),
  ceil: (row) => htbRate(row, 'ceil'),
  words: (row) => classWords(row),
  overhead: (row) => htbParms(row).rate.overhead,
  linklayer: (row) => (htbParms(row).rate.linklayer === 1 ? 'ethernet' : undefined),
  burst: (row) => bytesAt(htbRate(row, 'rate'), htbParms(row).buffer),
  cburst: (row) => bytesAt(htbRate(row, 'ceil'), htbParms(row).cbuffer),
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
