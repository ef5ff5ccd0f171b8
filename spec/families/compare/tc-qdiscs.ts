import { hostIsLittleEndian } from '../../../lib/index.js';
import { bitNames } from './fields.js';
import { camelCase, plainly } from './conventions.js';

type Options = Readonly<Record<string, unknown>>;
type Row = { readonly kind?: string; readonly options?: Options; readonly xstats?: Options; readonly stats2?: { readonly app?: Options } };
type Print = (options: Options, shown: Options) => Readonly<Record<string, unknown>>;

const number = (options: Options, name: string): number => Number(options[name]);
const nested = (options: Options, name: string): Options => (options[name] ?? {}) as Options;
/** The scale of netem and RED: parts of 2^32. */
const share = (part: unknown): number => Number(part) / 0xffffffff;

/** TC_RED_* of linux/pkt_sched.h. */
const RED_FLAGS = [
  ['ecn', 1],
  ['harddrop', 2],
  ['adaptive', 4],
  ['nodrop', 8],
] as const;
const redFlags = (flags: number): object => {
  const on: string[] = bitNames(flags, RED_FLAGS);
  return Object.fromEntries(RED_FLAGS.map(([name]) => [name, on.includes(name)]));
};
const red = (parms: Options, maxP: number, flags: number): Readonly<Record<string, unknown>> => ({
  limit: parms['limit'],
  min: parms['qthMin'],
  max: parms['qthMax'],
  ...redFlags(flags),
  ewma: parms['wlog'],
  // In parts of 2^32, as a logarithm
  probability: maxP / 2 ** 32,
  Scell_log: parms['scellLog'],
});

/** The words of tc for modes of CAKE that differ from the kernel's. */
const CAKE_FLOWS: Readonly<Record<string, string>> = {
  none: 'flowblind',
  'src-ip': 'srchost',
  'dst-ip': 'dsthost',
  'dual-src': 'dual-srchost',
  'dual-dst': 'dual-dsthost',
  triple: 'triple-isolate',
};
const CAKE_FILTERS: Readonly<Record<string, string>> = { none: 'disabled', filter: 'enabled' };
const otherwise = (words: Readonly<Record<string, string>>, name: unknown): string => words[String(name)] ?? String(name);
const CLOCKS: Readonly<Record<number, string>> = { 11: 'TAI', 0: 'REALTIME', 1: 'MONOTONIC' };
const FQ_WORDS: Readonly<Record<string, string>> = {
  limit: 'plimit',
  flow_limit: 'flowPlimit',
  maxrate: 'flowMaxRate',
  refill_delay: 'flowRefillDelay',
};

/** The properties of each qdisc whose shown form differs from the property by name. */
const PRINT: Readonly<Record<string, Print>> = {
  fq: (options) => ({
    ...Object.fromEntries(Object.entries(FQ_WORDS).map(([word, property]) => [word, options[property]])),
    buckets: 2 ** number(options, 'bucketsLog'),
    bands: nested(options, 'priomap')['bands'],
    'priomap ': nested(options, 'priomap')['priomap'],
    'weights ': options['weights'],
    ...(options['horizonDrop'] === 1 ? { horizon_drop: null } : { horizon_cap: null }),
  }),
  fq_codel: (options) => ({ drop_batch: options['dropBatchSize'] }),
  hhf: (options) => ({ limit: options['backlogLimit'], hh_limit: options['hhFlowsLimit'] }),
  prio: () => ({ multiqueue: false }),
  pfifo_fast: () => ({ multiqueue: false }),
  cbs: (options) => nested(options, 'parms'),
  etf: (options) => {
    const { delta, clockid, flags } = nested(options, 'parms');
    const onOff = (bit: number): string => ((Number(flags) & bit) === 0 ? 'off' : 'on');
    // TC_ETF_* of linux/pkt_sched.h
    return { clockid: CLOCKS[Number(clockid)], delta, deadline_mode: onOff(1), offload: onOff(2), skip_sock_check: onOff(4) };
  },
  ets: (options) => ({
    bands: options['nbands'],
    strict: options['nstrict'],
    quanta: nested(options, 'quanta')['quantaBand'],
    priomap: nested(options, 'priomap')['priomapBand'],
  }),
  red: (options) => red(nested(options, 'parms'), number(options, 'maxP'), number(nested(options, 'flags'), 'value')),
  choke: (options) => red(nested(options, 'parms'), number(options, 'maxP'), number(nested(options, 'parms'), 'flags')),
  sfq: (options, shown) => {
    const { quantum, limit, flows, divisor, perturbPeriod } = nested(options, 'v0');
    const plain = { quantum, limit, flows, divisor, perturb: perturbPeriod, headdrop: options['headdrop'] === 1 };
    if (!('probability' in shown)) return plain;
    const stats = nested(options, 'stats');
    const marks = ['prob_mark', 'prob_mark_head', 'prob_drop', 'forced_mark', 'forced_mark_head', 'forced_drop'];
    const { limit: _red, Scell_log: _cell, ...early } = red(options, number(options, 'maxP'), number(options, 'flags'));
    return { ...early, ...plain, ...Object.fromEntries(marks.map((mark) => [mark, stats[camelCase(mark)]])) };
  },
  gred: (options, shown) => {
    const { dps, defDP, grio, flags } = nested(options, 'dps');
    const queues = options['parms'] as readonly Options[];
    const maxP = options['maxP'] as readonly number[];
    const vqs = (shown['vqs'] as readonly Options[]).map(({ vq }) => {
      const queue = queues.find(({ dp }) => dp === vq)!;
      const { backlog, forced, early, pdrop, other, packets, bytesin, prio, qave } = queue;
      return {
        vq,
        prio,
        ...red(queue, maxP[Number(vq)]!, Number(flags)),
        ...{ qave, backlog, forced_drop: forced, prob_drop: early, pdrop, other, forced_mark: 0, prob_mark: 0, packets, bytes: bytesin },
      };
    });
    return { dp_cnt: dps, dp_default: defDP, grio: grio === 1, limit: options['limit'], ...redFlags(Number(flags)), vqs };
  },
  sfb: (options) => {
    const { rehashInterval, warmupTime, limit, max, binSize, increment, decrement, penaltyRate, penaltyBurst } = nested(options, 'parms');
    // SFB_MAX_PROB is 0xffff.
    const part = (value: unknown): number => Number((Number(value) / 0xffff).toPrecision(6));
    return {
      rehash: Number(rehashInterval) * 1000,
      db: Number(warmupTime) * 1000,
      limit,
      max,
      target: binSize,
      increment: part(increment),
      decrement: part(decrement),
      penalty_rate: penaltyRate,
      penalty_burst: penaltyBurst,
    };
  },
  cake: (options) => ({
    bandwidth: Number(options['baseRate64']),
    diffserv: options['diffservMode'],
    flowmode: otherwise(CAKE_FLOWS, options['flowMode']),
    'ack-filter': otherwise(CAKE_FILTERS, options['ackFilter']),
    raw: options['raw'] !== undefined,
    atm: otherwise({ none: 'noatm' }, options['atm']),
    memlimit: options['memory'],
    fwmark: `0x${number(options, 'fwmark').toString(16)}`,
  }),
  mqprio: (options) => {
    const { numTc, prioTcMap, count, offset } = options as { numTc: number; prioTcMap: unknown; count: number[]; offset: number[] };
    const queues = Array.from({ length: numTc }, (_, index) => [offset[index], offset[index]! + count[index]! - 1]);
    const classes = (options['tcEntry'] ?? []) as readonly Options[];
    return {
      tc: numTc,
      map: prioTcMap,
      queues,
      mode: options['mode'] ?? 'dcb',
      shaper: otherwise({ 'bw-rate': 'bw_rlimit' }, options['shaper'] ?? 'dcb'),
      fp: classes.map(({ fp }) => (fp === 1 ? 'E' : 'P')),
    };
  },
  taprio: (options) => {
    const { numTc, prioTcMap, count, offset } = options['priomap'] as {
      numTc: number;
      prioTcMap: unknown;
      count: number[];
      offset: number[];
    };
    const classes = (options['tcEntry'] ?? []) as readonly Options[];
    return {
      tc: numTc,
      map: prioTcMap,
      queues: Array.from({ length: numTc }, (_, index) => ({ offset: offset[index], count: count[index] })),
      clockid: CLOCKS[number(options, 'schedClockid')],
      flags: `0x${number(options, 'flags').toString(16)}`,
      txtime_delay: options['txtimeDelay'],
      ...schedule(options),
      ...(options['adminSched'] === undefined ? {} : { admin: schedule(nested(options, 'adminSched')) }),
      'max-sdu': classes.map(({ maxSdu }) => maxSdu),
      fp: classes.map(({ fp }) => (fp === 1 ? 'E' : 'P')),
    };
  },
  netem: (options) => netem(options),
};

/** The gate schedule of taprio. */
function schedule(options: Options): Options {
  const { entry = [] } = nested(options, 'schedEntryList') as { entry?: readonly Options[] };
  return {
    base_time: plainly(options['schedBaseTime'], 0),
    cycle_time: Number(options['schedCycleTime']),
    cycle_time_extension: Number(options['schedCycleTimeExtension']),
    schedule: entry.map(({ index, cmd, gateMask, interval }) => ({
      index,
      cmd: { 'set-gates': 'S', 'set-and-hold': 'H', 'set-and-release': 'R' }[String(cmd)],
      gatemask: `0x${Number(gateMask).toString(16)}`,
      interval,
    })),
  };
}

/** Seconds and fractions of a second. */
function netem(options: Options): Readonly<Record<string, unknown>> {
  const { corr, reorder, corrupt, rate, slot } = options as Readonly<Record<string, Options>>;
  const loss = options['loss'] as number | { readonly ge?: Options; readonly gi?: Options } | undefined;
  const seconds = (value: unknown): number => Number(value) / 1e9;
  return {
    delay: { delay: seconds(options['latency64']), jitter: seconds(options['jitter64']), correlation: share(corr?.['delayCorr']) },
    'loss-random': { loss: share(typeof loss === 'number' ? loss : undefined), correlation: share(corr?.['lossCorr']) },
    ...(typeof loss === 'object'
      ? { 'loss-gemodel': { ...shares(loss.ge, { p: 'p', r: 'r', '1-k': 'k1' }), '1-h': 1 - share(loss.ge?.['h']) } }
      : {}),
    ...(typeof loss === 'object' ? { 'loss-state': shares(loss.gi, { p13: 'p13', p31: 'p31', p32: 'p32', p23: 'p23', p14: 'p14' }) } : {}),
    duplicate: { duplicate: share(options['duplicate']), correlation: share(corr?.['dupCorr']) },
    reorder: { reorder: share(reorder?.['probability']), correlation: share(reorder?.['correlation']) },
    corrupt: { corrupt: share(corrupt?.['probability']), correlation: share(corrupt?.['correlation']) },
    rate: {
      // A rate above 32 bits has an attribute of its own.
      rate: options['rate64'] === undefined ? rate?.['rate'] : Number(options['rate64']),
      packetoverhead: rate?.['packetOverhead'],
      cellsize: rate?.['cellSize'],
      celloverhead: rate?.['cellOverhead'],
    },
    slot: {
      ...(Number(slot?.['distDelay'] ?? 0) === 0
        ? { 'min-delay': seconds(slot?.['minDelay']), 'max-delay': seconds(slot?.['maxDelay']) }
        : { distribution: seconds(slot?.['distDelay']), jitter: seconds(slot?.['distJitter']) }),
      packets: slot?.['maxPackets'],
      bytes: slot?.['maxBytes'],
    },
    seed: String(options['prngSeed']),
    ecn: options['ecn'] === 1,
  };
}

function shares(model: Options | undefined, names: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(names).map(([key, property]) => [key, share(model?.[property])]));
}

/** The properties under `options` in `tc -s qdisc`, of all qdiscs except htb and tbf. */
export function optionsOf(row: Row, shown: Options): object {
  const { options = {} } = row;
  const printed = PRINT[String(row.kind)]?.(options, shown) ?? {};
  return rounded(
    Object.fromEntries(
      Object.entries(shown).map(([key, value]) => [
        key,
        key in printed ? plainly(printed[key], value) : plainly(options[camelCase(key)], value),
      ]),
    ),
    shown,
  ) as object;
}

/** Returns the shown number if the value rounds to it, because tc prints shares with significant digits only. */
export function rounded(value: unknown, shown: unknown): unknown {
  if (
    typeof value === 'number' &&
    typeof shown === 'number' &&
    !Number.isInteger(shown) &&
    Math.abs(value - shown) < Math.abs(shown) * 1e-4
  )
    return shown;
  if (Array.isArray(value) && Array.isArray(shown)) return value.map((item, index) => rounded(item, (shown as unknown[])[index]));
  if (typeof value !== 'object' || value === null || typeof shown !== 'object' || shown === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item, (shown as Options)[key])]));
}

const FQ_STATS: Readonly<Record<string, string>> = {
  inactive: 'inactiveFlows',
  throttled: 'throttledFlows',
  gc: 'gcFlows',
  highprio: 'highprioPackets',
  'throttled#1': 'throttled',
};
const OTHER_STATS: Readonly<Record<string, string>> = {
  pkts_in: 'packetsIn',
  memory_used: 'memoryUsage',
  tot_hh: 'hhTotCount',
  cur_hh: 'hhCurCount',
};

/** Returns a statistic of a qdisc besides packets and bytes; undefined if the qdisc does not have it. */
export function statisticOf(row: Row, key: string, shown: unknown): unknown {
  const counted = row.stats2?.app ?? row.xstats ?? {};
  if (row.kind === 'cake') return cakeStatistic(counted, key, shown);
  if (row.kind === 'fq' && /^band\d_pkts$/.test(key)) {
    const bytes = counted['bandPktCount'] as Uint8Array;
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4 * Number(key[4]), hostIsLittleEndian);
  }
  const words = row.kind === 'fq' ? FQ_STATS : OTHER_STATS;
  const value = counted[words[key] ?? camelCase(key)];
  return plainly(value, shown);
}

const CAKE: Readonly<Record<string, string>> = {
  capacity_estimate: 'capacityEstimate64',
  min_network_size: 'minNetlen',
  max_network_size: 'maxNetlen',
  min_adj_size: 'minAdjlen',
  max_adj_size: 'maxAdjlen',
  avg_hdr_offset: 'avgNetoff',
  threshold_rate: 'thresholdRate64',
  sent_bytes: 'sentBytes64',
  drops: 'droppedPackets',
  ecn_mark: 'ecnMarkedPackets',
  ack_drops: 'acksDroppedPackets',
  max_pkt_len: 'maxSkblen',
};

function cakeStatistic(counted: Options, key: string, shown: unknown): unknown {
  if (key !== 'tins') return plainly(counted[CAKE[key] ?? camelCase(key)], shown);
  const tins = (counted['tinStats'] ?? []) as readonly Options[];
  return (shown as readonly Options[]).map((tin, index) =>
    Object.fromEntries(Object.entries(tin).map(([name, value]) => [name, plainly(tins[index]?.[CAKE[name] ?? camelCase(name)], value)])),
  );
}
