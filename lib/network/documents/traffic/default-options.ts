import type { ClassKinds } from '../../classes/class-kinds.js';
import type { Written } from '../../common/written.js';
import type { QdiscKinds } from '../../qdiscs/kinds/kinds.js';
import { usualBurst } from '../../traffic/ticks.js';

/** The properties of a link on which the defaults of its qdiscs depend. @internal */
export interface QueueOfLink {
  readonly mtu: number;
  readonly txQueueLength: number;
  /** The length of the header of its packets (`hard_header_len`): 14 with Ethernet. */
  readonly headerLength: number;
}

/** The options of an object in the form that readers return, and those of the qdisc of a class. @internal */
export interface DefaultContext {
  readonly queue: QueueOfLink;
  readonly options: Readonly<Record<string, unknown>>;
  /** The options of the qdisc of a class. */
  readonly qdisc: Readonly<Record<string, unknown>>;
}

/**
 * The values that the kernel gives to options of a new object which are omitted.
 *
 * `null`: the option is absent. `undefined`: the value follows from other options, or it is random; each value is right then.
 */
type Defaults<T> = { readonly [K in keyof Required<T>]: T[K] | null | undefined };

/** The options of codel (`codel_params_init` in net/codel_impl.h). */
const CODEL = { target: '5ms', interval: '100ms', ceThreshold: null } as const;

/** The options of pie (`pie_params_init` in net/pie.h). */
const PIE = { target: '15ms', updateInterval: '15ms', alpha: 2, beta: 20, ecn: false, byteMode: false, rateEstimator: false } as const;

/** The band of each priority (`prio2band` in net/sched/sch_generic.c). */
const BANDS = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];

const NONE = {} as const;

/** The number of queues for `quantum` and `perturb`, and the packets that `tc` and the kernel take. */
const QDISCS: { readonly [K in keyof QdiscKinds]: (context: DefaultContext) => Defaults<QdiscKinds<Written>[K]> } = {
  bfifo: ({ queue }) => ({ limit: queue.txQueueLength * frame(queue) }),
  cake: ({ options }) => ({
    bandwidth: null,
    autorateIngress: false,
    diffserv: 'diffserv3',
    flows: 'triple-isolate',
    nat: false,
    wash: false,
    ingress: false,
    ackFilter: 'none',
    splitGso: true,
    rtt: '100ms',
    target: typeof options['rtt'] === 'number' ? options['rtt'] / 20 : '5ms',
    overhead: null,
    mpu: null,
    framing: 'none',
    memoryLimit: null,
    firewallMask: null,
  }),
  clsact: () => NONE,
  codel: () => ({ ...CODEL, limit: 1000, ecn: false }),
  drr: () => NONE,
  fq: ({ queue }) => ({
    limit: 10_000,
    flowLimit: 100,
    quantum: 2 * frame(queue),
    initialQuantum: 10 * frame(queue),
    pacing: true,
    maxRate: null,
    lowRateThreshold: '550kbit',
    buckets: 1024,
    orphanMask: 1023,
    refillDelay: '40ms',
    ceThreshold: null,
    timerSlack: '10us',
    horizon: '10s',
    horizonDrop: true,
    priorityMap: BANDS,
    weights: [589_824, 196_608, 65_536],
  }),
  fq_codel: ({ queue }) => ({
    ...CODEL,
    limit: 10_240,
    ecn: true,
    flows: 1024,
    quantum: frame(queue),
    dropBatch: 64,
    memoryLimit: '32mib',
    ceThresholdSelector: null,
    ceThresholdMask: null,
  }),
  fq_pie: () => ({ ...PIE, limit: 10_240, flows: 1024, quantum: undefined, memoryLimit: '32mib', ecnProbability: '10%' }),
  hfsc: () => ({ defaultClass: null }),
  htb: ({ queue }) => ({ defaultClass: null, rate2quantum: 10, directQueueLength: queue.txQueueLength, offload: false }),
  ingress: () => NONE,
  netem: () => ({
    limit: 1000,
    delay: null,
    jitter: null,
    // The kernel does not report it.
    distribution: undefined,
    delayCorrelation: null,
    loss: null,
    lossCorrelation: null,
    gilbertElliott: null,
    duplicate: null,
    duplicateCorrelation: null,
    corrupt: null,
    corruptCorrelation: null,
    reorder: null,
    reorderCorrelation: null,
    gap: null,
    rate: null,
    packetOverhead: null,
    cellSize: null,
    cellOverhead: null,
    ecn: false,
    slot: null,
    seed: undefined,
  }),
  noqueue: () => NONE,
  pfifo: ({ queue }) => ({ limit: queue.txQueueLength }),
  pfifo_fast: () => ({ bands: undefined, priorityMap: undefined }),
  pfifo_head_drop: ({ queue }) => ({ limit: queue.txQueueLength }),
  pie: () => ({ ...PIE, limit: 1000 }),
  prio: () => ({ bands: 3, priorityMap: BANDS }),
  qfq: () => NONE,
  red: () => ({
    limit: undefined,
    // These follow from the limit.
    min: undefined,
    max: undefined,
    probability: '2%',
    ewma: undefined,
    cellLog: undefined,
    ecn: false,
    hardDrop: false,
    adaptive: false,
    noDrop: false,
  }),
  sfq: ({ queue }) => ({ limit: 127, depth: 127, flows: 128, divisor: 1024, quantum: frame(queue), perturb: null, headDrop: false }),
  tbf: () => ({
    rate: undefined,
    burst: undefined,
    // Of these two, the document has one.
    latency: undefined,
    limit: undefined,
    peakRate: null,
    peakBurst: null,
    overhead: null,
    mpu: null,
    linkLayer: 'ethernet',
  }),
};

const CLASSES: { readonly [K in keyof ClassKinds]: (context: DefaultContext) => Defaults<ClassKinds<Written>[K]> } = {
  drr: ({ queue }) => ({ quantum: frame(queue) }),
  hfsc: () => ({ realTime: null, linkShare: null, upperLimit: null }),
  htb: ({ options, qdisc }) => {
    const rate = Number(options['rate'] ?? 0) / 8;
    return {
      rate: undefined,
      ceil: null,
      burst: usualBurst(rate),
      cburst: usualBurst(Number(options['ceil'] ?? rate * 8) / 8),
      priority: 0,
      quantum: quantumOf(rate, Number(qdisc['rate2quantum'] ?? 10)),
      overhead: null,
      mpu: null,
      linkLayer: 'ethernet',
    };
  },
  qfq: ({ queue }) => ({ weight: 1, maxPacket: frame(queue) }),
};

/** Returns the defaults of a kind of qdiscs or classes; undefined if this library does not translate its options. @internal */
export function defaultsOf(
  table: 'qdiscs' | 'classes',
  kind: string,
  context: DefaultContext,
): Readonly<Record<string, unknown>> | undefined {
  const kinds: Readonly<Record<string, (context: DefaultContext) => object>> = table === 'qdiscs' ? QDISCS : CLASSES;
  return Object.hasOwn(kinds, kind) ? (kinds[kind]!(context) as Readonly<Record<string, unknown>>) : undefined;
}

/** Returns the largest packet with its header, as the kernel counts it (`psched_mtu`). */
function frame({ mtu, headerLength }: QueueOfLink): number {
  return mtu + headerLength;
}

/** Returns the quantum that the kernel computes for a rate in bytes per second (`htb_change_class`). */
function quantumOf(rate: number, rate2quantum: number): number {
  return Math.min(Math.max(Math.floor(rate / rate2quantum), 1000), 200_000);
}
