import { expect } from 'chai';
import { countWrites, failure, one } from '../../kernel/network/support.js';
import { judgeQdisc, useTraffic, type QdiscCase } from '../../kernel/network/traffic/judge.js';
import { modules } from '../support.js';

const MAP = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 3, 4];
const BANDS = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0];

/** Qdiscs of kinds that only the wide kernel has; every option has a value that is not its default. */
const CASES: readonly QdiscCase[] = [
  [{ link: 'v0', handle: '1:', kind: 'pfifo_head_drop', pfifo_head_drop: { limit: 9 } }, 'root handle 1: pfifo_head_drop limit 9'],
  [
    { link: 'v0', handle: '1:', kind: 'prio', prio: { bands: 5, priorityMap: MAP } },
    `root handle 1: prio bands 5 priomap ${MAP.join(' ')}`,
  ],
  [{ link: 'v0', handle: '1:', kind: 'prio' }, 'root handle 1: prio'],
  [
    { link: 'v0', handle: '1:', kind: 'codel', codel: { limit: 500, target: '10ms', interval: '50ms', ecn: true, ceThreshold: '2ms' } },
    'root handle 1: codel limit 500 target 10ms interval 50ms ecn ce_threshold 2ms',
  ],
  [{ link: 'v0', handle: '1:', kind: 'fq_codel' }, 'root handle 1: fq_codel'],
  [
    {
      link: 'v0',
      handle: '1:',
      kind: 'fq_codel',
      fq_codel: {
        limit: 500,
        flows: 256,
        target: '3ms',
        interval: '50ms',
        quantum: 300,
        ecn: false,
        memoryLimit: '8mib',
        dropBatch: 32,
        ceThreshold: '2ms',
        ceThresholdSelector: 1,
        ceThresholdMask: 3,
      },
    },
    'root handle 1: fq_codel limit 500 flows 256 target 3ms interval 50ms quantum 300 noecn memory_limit 8388608 drop_batch 32 ce_threshold 2ms ce_threshold_selector 0x1/0x3',
  ],
  [
    {
      link: 'v0',
      handle: '1:',
      kind: 'fq',
      fq: {
        limit: 500,
        flowLimit: 50,
        quantum: 3000,
        initialQuantum: 9000,
        maxRate: '10mbit',
        lowRateThreshold: '1mbit',
        buckets: 256,
        orphanMask: 255,
        refillDelay: '20ms',
        ceThreshold: '2ms',
        timerSlack: '5us',
        horizon: '5s',
        horizonDrop: false,
        priorityMap: BANDS,
      },
    },
    `root handle 1: fq limit 500 flow_limit 50 quantum 3000 initial_quantum 9000 maxrate 10mbit low_rate_threshold 1mbit buckets 256 orphan_mask 255 refill_delay 20ms ce_threshold 2ms timer_slack 5us horizon 5s horizon_cap bands 3 priomap ${BANDS.join(' ')}`,
  ],
  [{ link: 'v0', handle: '1:', kind: 'fq', fq: { pacing: false } }, 'root handle 1: fq nopacing'],
  [
    {
      link: 'v0',
      handle: '1:',
      kind: 'cake',
      cake: {
        bandwidth: '10mbit',
        autorateIngress: true,
        diffserv: 'diffserv8',
        flows: 'dual-srchost',
        nat: true,
        wash: true,
        ingress: true,
        ackFilter: 'aggressive',
        splitGso: false,
        rtt: '50ms',
        overhead: 18,
        mpu: 64,
        framing: 'atm',
        memoryLimit: '4mib',
        firewallMask: 255,
      },
    },
    'root handle 1: cake bandwidth 10mbit autorate-ingress diffserv8 dual-srchost nat wash ingress ack-filter-aggressive no-split-gso rtt 50ms overhead 18 mpu 64 atm memlimit 4194304 fwmark 0xff',
  ],
  [
    {
      link: 'v0',
      handle: '1:',
      kind: 'cake',
      cake: { bandwidth: '50gbit', diffserv: 'besteffort', flows: 'flowblind', overhead: -4, framing: 'ptm' },
    },
    'root handle 1: cake bandwidth 50gbit besteffort flowblind overhead -4 ptm',
  ],
  [{ link: 'v0', handle: '1:', kind: 'cake' }, 'root handle 1: cake'],
  [
    {
      link: 'v0',
      handle: '1:',
      kind: 'netem',
      netem: {
        limit: 50,
        delay: '10ms',
        jitter: '2ms',
        delayCorrelation: '25%',
        loss: '1%',
        lossCorrelation: '10%',
        duplicate: '2%',
        duplicateCorrelation: '20%',
        corrupt: '0.5%',
        corruptCorrelation: '5%',
        reorder: '30%',
        reorderCorrelation: '50%',
        gap: 5,
        rate: '5mbit',
        packetOverhead: 20,
        cellSize: 100,
        cellOverhead: 5,
        ecn: true,
        slot: { minDelay: '1ms', maxDelay: '5ms', packets: 32, bytes: 65_536 },
        seed: 7,
      },
    },
    'root handle 1: netem limit 50 delay 10ms 2ms 25% loss 1% 10% ecn duplicate 2% 20% corrupt 0.5% 5% reorder 30% 50% gap 5 rate 5mbit 20 100 5 slot 1ms 5ms packets 32 bytes 65536 seed 7',
  ],
  [
    {
      link: 'v0',
      handle: '1:',
      kind: 'netem',
      netem: { gilbertElliott: { p: '1%', r: '10%', badLoss: '70%', goodLoss: '0.1%' }, rate: '50gbit' },
    },
    'root handle 1: netem loss gemodel 1% 10% 70% 0.1% rate 50gbit',
  ],
  [{ link: 'v0', handle: '1:', kind: 'netem', netem: { delay: '250us' } }, 'root handle 1: netem delay 250us'],
  [
    // tc sends a gap of 1 with reorder.
    { link: 'v0', handle: '1:', kind: 'netem', netem: { delay: '10ms', reorder: '25%' } },
    'root handle 1: netem delay 10ms reorder 25%',
  ],
  [
    {
      link: 'v0',
      handle: '1:',
      kind: 'sfq',
      sfq: { limit: 50, depth: 20, flows: 30, divisor: 512, quantum: 3000, perturb: '10s', headDrop: true },
    },
    'root handle 1: sfq limit 50 depth 20 flows 30 divisor 512 quantum 3000 perturb 10 headdrop',
  ],
];

describe('network().qdiscs on the wide kernel', () => {
  before(() =>
    modules(
      'veth',
      'sch_prio',
      'sch_codel',
      'sch_fq_codel',
      'sch_fq',
      'sch_cake',
      'sch_netem',
      'sch_sfq',
      'sch_htb',
      'sch_drr',
      'sch_skbprio',
    ),
  );
  const traffic = useTraffic();

  for (const entry of CASES) {
    it(`writes ${entry[1].slice(0, 70)} as tc does, and nothing the second time`, () => judgeQdisc(traffic(), entry));
  }

  it('writes the weights of fq, which tc 6.15 does not accept, as tc reads them', async () => {
    const { net, qdiscs } = traffic();
    const spec = { link: 'v0', kind: 'fq', fq: { weights: [600_000, 200_000, 70_000] } } as const;
    await one(net.qdiscs.ensure(spec));
    expect(qdiscs()[0]!['options']).to.deep.include({ 'weights ': [600_000, 200_000, 70_000] });
    expect(await countWrites(() => one(net.qdiscs.ensure(spec)))).to.equal(0);
  });

  it('changes single options of netem and keeps the others, which the kernel would reset', async () => {
    const { net, qdiscs } = traffic();
    const key = { link: 'v0', parent: 'root' } as const;
    await one(
      net.qdiscs.add({ link: 'v0', kind: 'netem', netem: { delay: '10ms', jitter: '1ms', loss: '1%', rate: '5mbit', limit: 50, seed: 9 } }),
    );
    await one(net.qdiscs.change(key, { kind: 'netem', netem: { duplicate: '2%' } }));
    expect(qdiscs()[0]!['options']).to.deep.include({
      limit: 50,
      delay: { delay: 0.01, jitter: 0.001, correlation: 0 },
      'loss-random': { loss: 0.01, correlation: 0 },
      duplicate: { duplicate: 0.02, correlation: 0 },
    });
    const { object } = await one(net.qdiscs.change(key, { kind: 'netem', netem: { rate: null, loss: null, delay: '0ms', jitter: null } }));
    expect(object).to.have.deep.property('netem', { limit: 50, duplicate: '2%', seed: 9 });
    await one(net.qdiscs.ensure({ link: 'v0', kind: 'netem', netem: { gilbertElliott: { p: '1%', r: '10%' } } }));
    expect(qdiscs()[0]!['options']).to.have.property('loss-gemodel');
    await one(net.qdiscs.ensure({ link: 'v0', kind: 'netem', netem: { loss: '3%' } }));
    expect((await one(net.qdiscs.get(key))).netem)
      .to.include({ loss: '3%' })
      .and.not.have.property('gilbertElliott');
  });

  it('changes single options of other kinds in place', async () => {
    const { net } = traffic();
    const key = { link: 'v0', parent: 'root' } as const;
    const cases = [
      [
        { kind: 'fq_codel', fq_codel: { limit: 99 } },
        { kind: 'fq_codel', fq_codel: { target: '7ms' } },
      ],
      [
        { kind: 'fq', fq: { maxRate: '9mbit' } },
        { kind: 'fq', fq: { maxRate: null, limit: 7 } },
      ],
      [
        { kind: 'cake', cake: { overhead: 18, bandwidth: '1mbit' } },
        { kind: 'cake', cake: { overhead: null, bandwidth: null } },
      ],
      [
        { kind: 'prio', prio: { bands: 5 } },
        { kind: 'prio', prio: { bands: 4 } },
      ],
      [
        { kind: 'codel', codel: { ecn: true } },
        { kind: 'codel', codel: { ecn: false, interval: '30ms' } },
      ],
    ] as const;
    for (const [first, second] of cases) {
      await one(net.qdiscs.ensure({ link: 'v0', ...first }, { recreate: true }));
      expect((await one(net.qdiscs.change(key, second))).changed[0]!.action).to.equal('change');
      expect(await countWrites(() => one(net.qdiscs.ensure({ link: 'v0', ...second })))).to.equal(0);
    }
    await one(net.qdiscs.ensure({ link: 'v0', kind: 'fq_codel' }, { recreate: true }));
    await failure(net.qdiscs.change(key, { kind: 'fq_codel', fq_codel: { flows: 12 } }), 'unsupported');
    await one(net.qdiscs.ensure({ link: 'v0', kind: 'sfq' }, { recreate: true }));
    await failure(net.qdiscs.change(key, { kind: 'sfq', sfq: { limit: 12 } }), 'unsupported');
  });

  it('reads and writes a kind without types in the words of the engine', async () => {
    const { net, tc, qdiscs } = traffic();
    tc('qdisc add dev v0 root handle 1: hhf hh_limit 7');
    const hhf = await one(net.qdiscs.get({ link: 'v0', handle: '1:' }));
    expect(hhf).to.have.nested.property('options.hhFlowsLimit', 7);
    expect(await countWrites(() => one(net.qdiscs.ensure(hhf)))).to.equal(0);
    await one(net.qdiscs.delete(hhf));
    await one(net.qdiscs.add({ link: 'v0', handle: '2:', kind: 'skbprio', options: { limit: 77 } }));
    expect(qdiscs()[0]).to.deep.include({ kind: 'skbprio', handle: '2:' });
  });
});
