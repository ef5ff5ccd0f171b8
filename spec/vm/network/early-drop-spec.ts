import { expect } from 'chai';
import type { ClassSpec } from '../../../lib/network/classes/traffic-class.js';
import type { QdiscSpec } from '../../../lib/network/qdiscs/qdisc.js';
import { countWrites, failure, one } from '../../kernel/network/support.js';
import { judgeQdisc, useTraffic, type QdiscCase } from '../../kernel/network/traffic/judge.js';
import { modules } from '../support.js';

/** Kinds that drop packets before their queue is full; every option has a value that is not its default. */
const QDISCS: readonly QdiscCase[] = [
  [{ link: 'v0', handle: '1:', kind: 'pie' }, 'root handle 1: pie'],
  [
    {
      ...{ link: 'v0', handle: '1:', kind: 'pie' },
      pie: { limit: 500, target: '7ms', updateInterval: '32ms', alpha: 5, beta: 25, ecn: true, byteMode: true, rateEstimator: true },
    },
    'root handle 1: pie limit 500 target 7ms tupdate 32ms alpha 5 beta 25 ecn bytemode dq_rate_estimator',
  ],
  [{ link: 'v0', handle: '1:', kind: 'fq_pie' }, 'root handle 1: fq_pie'],
  [
    {
      ...{ link: 'v0', handle: '1:', kind: 'fq_pie' },
      fq_pie: {
        ...{ limit: 500, flows: 64, target: '7ms', updateInterval: '32ms', alpha: 5, beta: 25, quantum: 3000, memoryLimit: '8mib' },
        ...{ ecnProbability: '20%', ecn: true, byteMode: true, rateEstimator: true },
      },
    },
    'root handle 1: fq_pie limit 500 flows 64 target 7ms tupdate 32ms alpha 5 beta 25 quantum 3000 memory_limit 8388608 ecn_prob 20 ecn bytemode dq_rate_estimator',
  ],
  [{ link: 'v0', handle: '1:', kind: 'red', red: { limit: 400_000 } }, 'root handle 1: red limit 400000 avpkt 1000'],
  [
    {
      ...{ link: 'v0', handle: '1:', kind: 'red' },
      red: { limit: 400_000, min: 30_000, max: 90_000, probability: '5%', ecn: true, hardDrop: true, adaptive: true, noDrop: true },
    },
    'root handle 1: red limit 400000 min 30000 max 90000 avpkt 1000 probability 0.05 bandwidth 10mbit ecn harddrop adaptive nodrop',
  ],
];

/** Trees of classes, as `tc` writes them. */
const CLASSES: readonly (readonly [qdisc: QdiscSpec, qdiscLine: string, spec: ClassSpec, line: string])[] = [
  [
    { link: 'v0', handle: '1:', kind: 'hfsc', hfsc: { defaultClass: '1:10' } },
    'hfsc default 10',
    { link: 'v0', handle: '1:10', kind: 'hfsc', hfsc: { linkShare: { rate: '8mbit' } } },
    'hfsc ls rate 8mbit',
  ],
  [
    { link: 'v0', handle: '1:', kind: 'hfsc' },
    'hfsc',
    {
      ...{ link: 'v0', handle: '1:10', kind: 'hfsc' },
      hfsc: {
        realTime: { rate: '1mbit', firstRate: '5mbit', firstTime: '10ms' },
        linkShare: { rate: '2mbit', firstRate: '7mbit', firstTime: '3ms' },
        upperLimit: { rate: '9mbit' },
      },
    },
    'hfsc rt m1 5mbit d 10ms m2 1mbit ls m1 7mbit d 3ms m2 2mbit ul rate 9mbit',
  ],
  [
    { link: 'v0', handle: '1:', kind: 'drr' },
    'drr',
    { link: 'v0', handle: '1:10', kind: 'drr', drr: { quantum: 3000 } },
    'drr quantum 3000',
  ],
  [{ link: 'v0', handle: '1:', kind: 'drr' }, 'drr', { link: 'v0', handle: '1:10', kind: 'drr' }, 'drr'],
  [
    { link: 'v0', handle: '1:', kind: 'qfq' },
    'qfq',
    { link: 'v0', handle: '1:10', kind: 'qfq', qfq: { weight: 7, maxPacket: 4096 } },
    'qfq weight 7 maxpkt 4096',
  ],
  [{ link: 'v0', handle: '1:', kind: 'qfq' }, 'qfq', { link: 'v0', handle: '1:10', kind: 'qfq' }, 'qfq'],
];

describe('network().qdiscs and classes, of kinds that drop early and of trees', () => {
  modules('sch_pie', 'sch_fq_pie', 'sch_red', 'sch_hfsc', 'sch_drr', 'sch_qfq', 'sch_netem');
  const traffic = useTraffic();

  for (const qdisc of QDISCS) it(`writes ${JSON.stringify(qdisc[0])} as tc does`, () => judgeQdisc(traffic(), qdisc));

  for (const [qdisc, qdiscLine, spec, line] of CLASSES) {
    it(`writes ${JSON.stringify(spec)} below ${qdiscLine} as tc does`, async () => {
      const { net, tc } = traffic();
      // Not all of tc's kinds print JSON.
      const shown = (): readonly string[] => [tc('-d qdisc show dev v0 root'), tc('-d class show dev v0 classid 1:10')];
      tc(`qdisc add dev v0 root handle 1: ${qdiscLine}`);
      tc(`class add dev v0 parent 1: classid 1:10 ${line}`);
      const expected = shown();
      const nothing = async () => {
        for (const verb of [net.qdiscs.ensure(qdisc), net.classes.ensure(spec)])
          expect((await one<{ changed: unknown }>(verb)).changed).to.be.empty;
      };
      expect(await countWrites(nothing)).to.equal(0);
      const read = await one(net.classes.get({ link: 'v0', handle: '1:10' }));
      await one(net.qdiscs.delete({ link: 'v0', parent: 'root' }));
      await one(net.qdiscs.add(qdisc));
      const { object } = await one(net.classes.ensure(spec));
      expect(shown()).to.deep.equal(expected);
      expect(object).to.deep.equal(read);
      expect(await countWrites(nothing)).to.equal(0);
      expect(await countWrites(() => one(net.classes.ensure(object)))).to.equal(0);
      await one(net.qdiscs.delete({ link: 'v0', parent: 'root' }));
    });
  }

  it('changes curves, weights and lengths in place', async () => {
    const { net, tc } = traffic();
    await one(net.qdiscs.add({ link: 'v0', handle: '1:', kind: 'hfsc' }));
    const key = { link: 'v0', handle: '1:10' } as const;
    await one(net.classes.add({ ...key, kind: 'hfsc', hfsc: { realTime: { rate: '1mbit' }, linkShare: { rate: '2mbit' } } }));
    await one(net.classes.change(key, { kind: 'hfsc', hfsc: { linkShare: { rate: '3mbit' } } }));
    expect((await one(net.classes.get(key))).hfsc).to.deep.equal({ realTime: { rate: 1e6 }, linkShare: { rate: 3e6 } });
    await one(net.qdiscs.ensure({ link: 'v0', handle: '1:', kind: 'hfsc', hfsc: { defaultClass: '1:10' } }));
    expect(tc('qdisc show dev v0 root')).to.match(/default (?:0x)?10\b/);
    await one(net.qdiscs.delete({ link: 'v0', parent: 'root' }));
    await one(net.qdiscs.add({ link: 'v0', handle: '1:', kind: 'red', red: { limit: 90_000, ecn: true } }));
    const { object } = await one(net.qdiscs.change({ link: 'v0', parent: 'root' }, { kind: 'red', red: { limit: 80_000, ecn: false } }));
    expect(object.red).to.include({ limit: 80_000, min: 7500, max: 22_500, ecn: false, adaptive: false });
    await one(net.qdiscs.ensure({ link: 'v0', handle: '1:', kind: 'fq_pie' }, { recreate: true }));
    await failure(net.qdiscs.change({ link: 'v0', parent: 'root' }, { kind: 'fq_pie', fq_pie: { flows: 12 } }), 'unsupported');
    // The JSON that `tc` prints of some kinds is not valid, and the hook after each spec reads it.
    await one(net.qdiscs.delete({ link: 'v0', parent: 'root' }));
  });

  it('writes a distribution of delays, which the kernel does not report', async () => {
    const { net } = traffic();
    const spec = { link: 'v0', kind: 'netem', netem: { delay: '10ms', jitter: '1ms', distribution: [-8192, 0, 8192] } } as const;
    expect((await one(net.qdiscs.ensure(spec))).object.netem).to.not.have.property('distribution');
    expect(await countWrites(() => one(net.qdiscs.ensure(spec)))).to.equal(0);
  });
});
