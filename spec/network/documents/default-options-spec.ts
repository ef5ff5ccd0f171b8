import { expect } from 'chai';
import { networkClients } from '../../../lib/network/clients.js';
import { documentModels } from '../../../lib/network/documents/document-models.js';
import { parseTrees } from '../../../lib/network/documents/traffic/parse-trees.js';
import { planTraffic } from '../../../lib/network/documents/traffic/plan-traffic.js';
import { LinkNames } from '../../../lib/network/names/link-names.js';
import { routeNames } from '../../../lib/network/names/route-names.js';

/** TC_H_ROOT. */
const ROOT = 0xffff_ffff;

const models = documentModels(networkClients({}), routeNames());
const names = new LinkNames([{ ifiIndex: 7, ifname: 'v0' }]);

/** The options of a new qdisc as Linux 6.12 reports them in the words of the family, for a link of Ethernet with a queue of 1,000. */
const NEW: Readonly<Record<string, object>> = {
  pfifo: { limit: 1000 },
  bfifo: { limit: 1_514_000 },
  pfifo_head_drop: { limit: 1000 },
  codel: { limit: 1000, target: 4999, interval: 99_999, ecn: 0 },
  fq_codel: {
    ...{ limit: 10_240, flows: 1024, quantum: 1514, target: 4999, interval: 99_999, ecn: 1 },
    ...{ memoryLimit: 33_554_432, dropBatchSize: 64 },
  },
  fq: {
    ...{ plimit: 10_000, flowPlimit: 100, bucketsLog: 10, orphanMask: 1023, quantum: 3028, initialQuantum: 15_140, rateEnable: 1 },
    ...{ lowRateThreshold: 68_750, flowRefillDelay: 40_000, timerSlack: 10_000, horizon: 10_000_000, horizonDrop: 1 },
    flowMaxRate: 0xffff_ffff,
    ceThreshold: 0xffff_ffff,
    priomap: { bands: 3, priomap: [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1] },
    weights: [589_824, 196_608, 65_536],
  },
  prio: { bands: 3, priomap: [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1] },
  sfq: { v0: { quantum: 1514, perturbPeriod: 0, limit: 127, divisor: 1024, flows: 128 }, depth: 127, headdrop: 0 },
  cake: {
    ...{ baseRate64: 0n, diffservMode: 'diffserv3', flowMode: 'triple', nat: 0, wash: 0, ingress: 0, ackFilter: 'none', splitGso: 1 },
    ...{ rtt: 100_000, target: 5000, raw: 0, overhead: 0, mpu: 0, atm: 'none', memory: 0, fwmark: 0, autorate: 0 },
  },
  netem: { latency: 0, limit: 1000, loss: 0, gap: 0, duplicate: 0, jitter: 0, latency64: 0n, jitter64: 0n, ecn: 0, prngSeed: 12_096n },
  htb: { init: { version: 0x3_0011, rate2quantum: 10, defcls: 0, debug: 0, directPkts: 5 }, directQlen: 1000 },
};

/** An option that is not listed, with another value, and what the plan does. */
const OTHERS: readonly (readonly [kind: string, options: object, expected: string])[] = [
  ['pfifo', { limit: 5 }, '~ qdisc root on v0: pfifo.limit 5 -> 1000'],
  ['codel', { ecn: 1 }, '~ qdisc root on v0: codel.ecn true -> false'],
  ['fq_codel', { limit: 500 }, '~ qdisc root on v0: fq_codel.limit 500 -> 10240'],
  // The kernel has no value that removes the threshold, and refuses another number of queues.
  ['fq_codel', { ceThreshold: 1999 }, '~ qdisc root on v0: fq_codel.ceThreshold 2 -> none (deleted and created again)'],
  ['fq_codel', { flows: 256 }, '~ qdisc root on v0: fq_codel.flows 256 -> 1024 (deleted and created again)'],
  ['fq', { flowMaxRate: 1_250_000 }, '~ qdisc root on v0: fq.maxRate 10000000 -> none'],
  ['sfq', { depth: 20 }, '~ qdisc root on v0: sfq.depth 20 -> 127 (deleted and created again)'],
  ['cake', { baseRate64: 1_250_000n }, '~ qdisc root on v0: cake.bandwidth 10000000 -> none'],
  ['netem', { latency64: 10_000_000n }, '~ qdisc root on v0: netem.delay 10 -> none'],
  ['htb', { directQlen: 500 }, '~ qdisc root on v0: htb.directQueueLength 500 -> 1000 (deleted and created again)'],
];

function plan(kind: string, options: object): readonly string[] {
  const row = { family: 0, ifindex: 7, handle: 0x8001_0000, parent: ROOT, info: 2, kind, options };
  const qdisc = models.qdiscs.fromRow(row, names)!;
  const link = { name: 'v0', path: 'links[0]', found: 'v0', queue: { mtu: 1500, txQueueLength: 1000, headerLength: 14 } };
  const trees = parseTrees(models, { qdisc: { kind } });
  return planTraffic(link, trees, { names, objects: { qdiscs: [qdisc] } }, models).map(({ difference }) => difference.text);
}

describe('planTraffic', () => {
  for (const [kind, options] of Object.entries(NEW))
    it(`finds no difference in a new ${kind} without listed options`, () => {
      expect(plan(kind, options)).to.deep.equal([]);
    });

  for (const [kind, options, expected] of OTHERS)
    it(`makes ${Object.keys(options).join()} of ${kind} the default`, () => {
      expect(plan(kind, { ...NEW[kind], ...options })).to.deep.equal([expected]);
    });
});
