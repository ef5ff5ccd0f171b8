import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import { countWrites, one, shown } from '../../kernel/network/support.js';
import { useNamespace } from '../../support/namespace.js';
import { modules } from '../support.js';

interface Shown extends Readonly<Record<string, unknown>> {
  readonly kind: string;
  readonly parent?: string;
  readonly options: {
    readonly rate?: number;
    readonly delay?: { readonly delay: number };
    readonly 'loss-random'?: { readonly loss: number };
  };
}

describe('network().shape on the wide kernel', () => {
  before(() => modules('ifb', 'sch_ingress', 'sch_tbf', 'sch_netem', 'cls_u32', 'act_mirred', 'dummy'));
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    namespace().batch(['link add p0 type dummy', 'addr add 10.77.0.1/24 dev p0', 'link set p0 up']);
    net = network({ netns: namespace().path });
  });
  after(() => net.close());
  afterEach(() => one(net.shape('p0', null)));
  const qdiscs = (): readonly Shown[] => shown<Shown>(namespace(), 'tc -j qdisc show dev p0');

  it('delays and loses packets, alone and above a rate, as tc shows', async () => {
    const before = qdiscs();
    const { shape } = await one(net.shape('p0', { delay: '30ms', loss: '0.5%' }));
    expect(shape).to.deep.equal({ delay: 30, loss: '0.5%' });
    expect(qdiscs().map(({ kind }) => kind)).to.deep.equal(['netem']);
    expect(qdiscs()[0]!.options.delay!.delay).to.be.closeTo(0.03, 1e-6);
    expect(qdiscs()[0]!.options['loss-random']!.loss).to.be.closeTo(0.005, 1e-6);
    expect(await countWrites(() => one(net.shape('p0', { delay: 30, loss: '0.5%' })))).to.equal(0);

    expect((await one(net.shape('p0', { out: '20mbit' }))).shape).to.deep.equal({ out: 2e7, delay: 30, loss: '0.5%' });
    expect(qdiscs().map(({ kind, parent }) => [kind, parent])).to.deep.equal([
      ['netem', undefined],
      ['tbf', '5a9e:1'],
    ]);
    expect(qdiscs()[1]!.options.rate).to.equal(2_500_000);
    expect(await countWrites(() => one(net.shape('p0', { out: '20mbit', delay: 30, loss: '0.5%' })))).to.equal(0);

    expect((await one(net.shape('p0', { delay: '10ms', loss: null }))).shape).to.deep.equal({ out: 2e7, delay: 10 });
    expect(qdiscs()[0]!.options.delay!.delay).to.be.closeTo(0.01, 1e-6);
    expect(qdiscs()[0]!.options).to.not.have.property('loss-random');
    expect((await one(net.shape('p0', { delay: 0 }))).shape).to.deep.equal({ out: 2e7 });
    expect(qdiscs().map(({ kind }) => kind)).to.deep.equal(['tbf']);
    await one(net.shape('p0', null));
    expect(qdiscs()).to.deep.equal(before);
  });

  it('limits both directions, and takes back an incoming limit when the outgoing one cannot be written', async () => {
    await one(net.shape('p0', { out: '10mbit', in: '5mbit', delay: '5ms' }));
    expect(qdiscs().map(({ kind }) => kind)).to.deep.equal(['netem', 'tbf', 'clsact']);
    const filters = (): string => namespace().run('tc', ...'filter show dev p0 ingress'.split(' '));
    expect(filters()).to.include('mirred (Egress Redirect to device ifb-');
    expect(await countWrites(() => one(net.shape('p0', { in: '5mbit' })))).to.equal(0);
    await one(net.shape('p0', null));
    expect(filters()).to.equal('');
    expect(
      shown(namespace(), 'ip -j link')
        .map((link) => String(link['ifname']))
        .filter((name) => name.startsWith('ifb')),
    ).to.deep.equal([]);
  });
});
