import { expect } from 'chai';
import { countWrites, failure, one, shown } from '../support.js';
import { judgeQdisc, useTraffic, type QdiscCase } from './judge.js';

/** Qdiscs of kinds that every kernel of the gate has; each option has a value that is not its default. */
const CASES: readonly QdiscCase[] = [
  [{ link: 'v0', handle: '5:', kind: 'pfifo' }, 'root handle 5: pfifo'],
  [{ link: 'v0', parent: 'root', handle: '5:', kind: 'pfifo', pfifo: { limit: 77 } }, 'root handle 5: pfifo limit 77'],
  [{ link: 'v0', handle: 'a1:', kind: 'bfifo', bfifo: { limit: '10kib' } }, 'root handle a1: bfifo limit 10240'],
  [{ link: 'v0', kind: 'clsact' }, 'clsact'],
  [{ link: 'v0', parent: 'clsact', kind: 'ingress' }, 'ingress'],
  [
    { link: 'v0', handle: '1:', kind: 'tbf', tbf: { rate: '20mbit', burst: '32kib', latency: '50ms' } },
    'root handle 1: tbf rate 20mbit burst 32k latency 50ms',
  ],
  [
    { link: 'v0', handle: '1:', kind: 'tbf', tbf: { rate: '2400kbit', burst: '10kib', limit: 30_001 } },
    'root handle 1: tbf rate 2400kbit burst 10k limit 30001',
    { lat: 65_869 },
  ],
  [
    // The kernel counts the overhead in the burst of tc.
    {
      link: 'v0',
      handle: '1:',
      kind: 'tbf',
      tbf: { rate: '8mbit', burst: 20_018, limit: 50_000, peakRate: '16mbit', peakBurst: 2018, overhead: 18, mpu: 64 },
    },
    'root handle 1: tbf rate 8mbit burst 20000 limit 50000 peakrate 16mbit mtu 2000 overhead 18 mpu 64',
    { burst: '20018b/1', mtu: '2018b/1', lat: 29_981 },
  ],
  [
    { link: 'v0', handle: '1:', kind: 'tbf', tbf: { rate: '40gbit', burst: '1mib', limit: '2mib' } },
    'root handle 1: tbf rate 40gbit burst 1048576 limit 2097152',
    { burst: '1Mb/1' },
  ],
  [
    { link: 'v0', handle: '2:', kind: 'htb', htb: { defaultClass: '2:30', rate2quantum: 20, directQueueLength: 50 } },
    'root handle 2: htb default 30 r2q 20 direct_qlen 50',
  ],
];

describe('network().qdiscs', () => {
  const traffic = useTraffic();

  for (const [index, entry] of CASES.entries()) {
    it(`writes case ${index}, ${JSON.stringify(entry[0]).slice(0, 90)}, as tc does, and nothing the second time`, () =>
      judgeQdisc(traffic(), entry));
  }

  it('counts the default qdisc of a link as none', async () => {
    const { net, qdiscs } = traffic();
    const [found] = await one(net.qdiscs.list({ link: 'v0' }));
    expect(found).to.deep.include({ link: 'v0', parent: 'root', kind: 'noqueue', byDefault: true });
    expect(found).to.not.have.property('handle');
    expect(await countWrites(() => one(net.qdiscs.ensure(found!)))).to.equal(0);
    expect(await countWrites(() => one(net.qdiscs.ensureAbsent({ link: 'v0', parent: 'root' })))).to.equal(0);
    await failure(net.qdiscs.delete(found!), 'missing');
    await failure(net.qdiscs.change(found!, { kind: 'pfifo' }), 'missing');
    expect((await one(net.qdiscs.deleteMany([found!]))).failed[0]!.error.reason).to.equal('missing');
    expect((await one(net.qdiscs.ensure({ link: 'v0', kind: 'pfifo' }))).changed[0]!.action).to.equal('add');
    expect(qdiscs()).to.have.length(1);
  });

  it('changes options in place and keeps what is not named', async () => {
    const { net, qdiscs } = traffic();
    await one(net.qdiscs.add({ link: 'v0', handle: '1:', kind: 'tbf', tbf: { rate: '20mbit', burst: '32kib', latency: '50ms', mpu: 99 } }));
    const key = { link: 'v0', parent: 'root' } as const;
    const { object, changed } = await one(net.qdiscs.change(key, { kind: 'tbf', tbf: { rate: '10mbit' } }));
    expect(changed[0]).to.deep.include({ action: 'change', text: '~ qdisc root on v0: tbf.rate 20000000 -> 10000000' });
    expect(object).to.have.deep.property('tbf', {
      rate: 10e6,
      burst: 32_768,
      latency: 100,
      limit: 157_768,
      mpu: 99,
      linkLayer: 'ethernet',
    });
    expect(qdiscs()[0]!['options']).to.deep.include({ rate: 1_250_000, burst: '32Kb/1', lat: 100_000, mpu: 99 });
    await one(net.qdiscs.ensure({ link: 'v0', kind: 'tbf', tbf: { latency: '20ms', mpu: null } }));
    expect(qdiscs()[0]!['options']).to.deep.include({ rate: 1_250_000, burst: '32Kb/1', lat: 20_000, mpu: 0 });
    await one(net.qdiscs.change(key, { kind: 'tbf', tbf: { peakRate: '20mbit', peakBurst: 2000 } }));
    expect((await one(net.qdiscs.get(key))).tbf).to.deep.include({ peakRate: 20e6, peakBurst: 2000 });
    await one(net.qdiscs.change(key, { kind: 'tbf', tbf: { peakRate: null, peakBurst: null } }));
    expect((await one(net.qdiscs.get(key))).tbf).to.not.have.any.keys('peakRate', 'peakBurst');
  });

  it('exchanges a qdisc of another kind only if it may', async () => {
    const { net, qdiscs } = traffic();
    const htb = { link: 'v0', handle: '1:', kind: 'htb', htb: { defaultClass: '1:9' } } as const;
    await one(net.qdiscs.add({ link: 'v0', handle: '1:', kind: 'pfifo' }));
    const error = await failure(net.qdiscs.ensure(htb), 'unsupported');
    expect(error.message).to.include('cannot ensure qdisc root on v0: the kernel cannot change kind in place');
    expect((await one(net.qdiscs.ensure(htb, { recreate: true }))).object).to.deep.include({ kind: 'htb', handle: '1:' });
    await failure(net.qdiscs.ensure({ ...htb, htb: { rate2quantum: 5 } }), 'unsupported');
    await one(net.qdiscs.ensure({ ...htb, htb: { rate2quantum: 5 } }, { recreate: true }));
    expect(qdiscs()[0]!['options']).to.deep.include({ r2q: 5, default: '0x9' });
    // Another handle: the kernel exchanges both at once.
    await one(net.qdiscs.ensure({ link: 'v0', handle: '7:', kind: 'pfifo' }, { recreate: true }));
    expect(qdiscs()).to.deep.include.members([{ kind: 'pfifo', handle: '7:', root: true, options: { limit: 1000 } }]);
    await one(net.qdiscs.add({ link: 'v0', kind: 'clsact' }));
    await failure(net.qdiscs.ensure({ link: 'v0', kind: 'ingress' }), 'unsupported');
    await one(net.qdiscs.ensure({ link: 'v0', kind: 'ingress' }, { recreate: true }));
    expect(qdiscs().map(({ kind }) => kind)).to.have.members(['pfifo', 'ingress']);
  });

  it('restores a qdisc whose new form the kernel rejects', async () => {
    const { net, qdiscs } = traffic();
    await one(net.qdiscs.add({ link: 'v0', handle: '1:', kind: 'pfifo', pfifo: { limit: 9 } }));
    const before = qdiscs();
    await failure(net.qdiscs.ensure({ link: 'v0', handle: '1:', kind: 'no-such-kind' }, { recreate: true }), 'unsupported');
    expect(qdiscs()).to.deep.equal(before);
  });

  it('writes a qdisc below a class, and names a class that does not exist', async () => {
    const { net, tc, qdiscs } = traffic();
    const leaf = { link: 'v0', parent: '1:10', handle: '10:', kind: 'pfifo', pfifo: { limit: 5 } } as const;
    tc('qdisc add dev v0 root handle 1: htb');
    for (const verb of [net.qdiscs.add(leaf), net.qdiscs.ensure(leaf)]) {
      const error = await failure(verb, 'missing');
      expect(error.message).to.match(/^cannot (add|ensure) qdisc 1:10 on v0: parent: the link has no class '1:10'$/);
    }
    expect((await one(net.qdiscs.ensureMany([leaf]))).failed[0]!.error).to.include({ reason: 'missing', path: 'parent' });
    tc('class add dev v0 parent 1: classid 1:10 htb rate 1mbit');
    await one(net.qdiscs.ensure(leaf));
    expect(qdiscs()).to.deep.include({ kind: 'pfifo', handle: '10:', parent: '1:10', options: { limit: 5 } });
    expect(await one(net.qdiscs.get({ link: 'v0', handle: '10:' }))).to.deep.include({ parent: '1:10' });
    expect((await failure(net.qdiscs.get({ link: 'v0' }), 'ambiguous')).message).to.include('root on v0, 1:10 on v0');
    await one(net.qdiscs.delete(leaf));
    expect(qdiscs()).to.have.length(1);
  });

  it('writes many qdiscs in one datagram and reports failures by their position', async () => {
    const { net, namespace } = traffic();
    const specs = [
      { link: 'v0', kind: 'pfifo', pfifo: { limit: 5 } },
      { link: 'v1', kind: 'pfifo', pfifo: { limit: 6 } },
      { link: 'v0', kind: 'clsact' },
      { link: 'v9', kind: 'pfifo' },
    ] as const;
    const { written, failed } = await one(net.qdiscs.ensureMany(specs));
    expect({ written, failed: failed.map(({ index, error }) => [index, error.reason]) }).to.deep.equal({
      written: 3,
      failed: [[3, 'unknown-name']],
    });
    expect(await countWrites(() => one(net.qdiscs.ensureMany(specs.slice(0, 3))))).to.equal(0);
    expect(shown(namespace, 'tc -j qdisc show dev v1')[0]!['options']).to.deep.equal({ limit: 6 });
    const mine = (await one(net.qdiscs.list())).filter(({ byDefault, link }) => !byDefault && link !== 'lo');
    expect(await one(net.qdiscs.deleteMany(mine))).to.deep.equal({ written: 3, failed: [] });
  });

  it('reads the counters of tc, and JSON can write them', async () => {
    const { net, namespace, tc } = traffic();
    tc('qdisc add dev v0 root handle 1: tbf rate 1mbit burst 10k limit 20k');
    namespace.batch(['addr add 10.9.0.1/24 dev v0', 'neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev v0']);
    namespace.run('bash', '-c', 'text=$(printf %01400d 0); for i in {1..40}; do echo $text >/dev/udp/10.9.0.2/9; done');
    const { statistics } = await one(net.qdiscs.get({ link: 'v0', parent: 'root' }));
    const [entry] = shown<Record<string, number>>(namespace, 'tc -s -j qdisc show dev v0 root');
    expect(statistics.overlimits).to.be.above(0);
    expect(statistics.drops).to.equal(entry!['drops']);
    expect(statistics.packets >= 1n && statistics.packets <= BigInt(entry!['packets']!)).to.equal(true);
    const { bytes, packets, ...others } = JSON.parse(JSON.stringify(statistics)) as Record<string, number>;
    expect([BigInt(bytes!), BigInt(packets!)]).to.deep.equal([statistics.bytes, statistics.packets]);
    expect(others).to.have.all.keys('drops', 'overlimits', 'requeues', 'backlog', 'queueLength');
  });

  it('names the qdisc and the remedy in each error', async () => {
    const { net } = traffic();
    const { qdiscs } = net;
    const tbf = { rate: '1mbit', burst: '2kib', latency: '5ms' } as const;
    const texts = [
      [qdiscs.add({ link: 'v7', kind: 'pfifo' }), 'unknown-name', "link: no link is named 'v7'"],
      [qdiscs.add({ link: 'v0', kind: 'tbf' }), 'invalid', 'tbf.rate: is required to create a qdisc of kind'],
      [qdiscs.add({ link: 'v0', kind: 'tbf', tbf: { rate: '1mbit', burst: '2kib' } }), 'invalid', 'tbf.latency: is required'],
      [qdiscs.add({ link: 'v0', kind: 'tbf', tbf: { ...tbf, limit: 99 } }), 'invalid', 'tbf.limit: contradicts latency'],
      [qdiscs.add({ link: 'v0', kind: 'tbf', tbf: { ...tbf, peakRate: '9kbit' } }), 'invalid', 'tbf.peakRate: is not over the rate'],
      [qdiscs.add({ link: 'v0', kind: 'tbf', tbf: { ...tbf, rate: '10mbps' as '10mbit' } }), 'invalid', 'tbf.rate: '],
      [qdiscs.add({ link: 'v0', kind: 'tbf', tbf: { ...tbf, burst: '10kb' as '10kib' } }), 'invalid', "tbf.burst: '10kb' is ambiguous"],
      [qdiscs.add({ link: 'v0', kind: 'htb', htb: { defaultClass: '1:9' } }), 'invalid', 'htb.defaultClass: needs the handle'],
      [qdiscs.add({ link: 'v0', handle: '2:', kind: 'htb', htb: { defaultClass: '1:9' } }), 'invalid', "such as '2:10'"],
      [qdiscs.add({ link: 'v0', handle: '2:1', kind: 'htb' }), 'invalid', 'handle: expected the handle of a qdisc'],
      [qdiscs.add({ link: 'v0', handle: '0:', kind: 'htb' }), 'invalid', 'handle: expected the handle of a qdisc'],
      [qdiscs.add({ link: 'v0', parent: 'egress' as 'root', kind: 'htb' }), 'invalid', "parent: expected 'root', 'clsact'"],
      [qdiscs.add({ link: 'v0', parent: 'root', kind: 'clsact' }), 'invalid', "has the parent 'clsact'"],
      [qdiscs.add({ link: 'v0', parent: 'clsact', kind: 'pfifo' }), 'invalid', "only the kinds 'clsact' and 'ingress'"],
      [qdiscs.add({ link: 'v0', handle: '1:', kind: 'clsact' }), 'invalid', "has the handle 'ffff:'"],
      [qdiscs.add({ link: 'v0', kind: 'pfifo', options: {} }), 'invalid', "are the property 'pfifo'"],
      [qdiscs.add({ link: 'v0', kind: 'pfifo', bfifo: {} } as never), 'invalid', "bfifo: is not a property of a qdisc of kind 'pfifo'"],
      [qdiscs.change({ link: 'v0' }, { tbf: { rate: '1mbit' } } as never), 'invalid', "tbf: needs kind: 'tbf' beside it"],
      [qdiscs.get({ link: 'v0', parent: '1:1' }), 'missing', 'cannot get qdisc 1:1 on v0: it does not exist'],
      [qdiscs.list({ link: 'v7' }), 'missing', "no link is named 'v7'"],
    ] as const;
    for (const [verb, reason, text] of texts) expect((await failure(verb, reason)).message).to.include(text);
    await one(qdiscs.add({ link: 'v0', kind: 'pfifo' }));
    expect((await failure(qdiscs.add({ link: 'v0', kind: 'pfifo' }), 'exists')).message).to.include('cannot add qdisc root on v0');
  });
});
