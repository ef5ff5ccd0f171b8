import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { network, type Network } from '../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../support/namespace.js';
import { PATIENCE } from '../../../support/patience.js';
import { skipBecause } from '../../../support/unavailable.js';
import { countWrites, failure, one, shown } from '../support.js';
import { usePair } from './measure.js';

type Shown = Readonly<Record<string, unknown>>;

/** Returns what `tc` prints, without the indexes and counts of references that the kernel chooses. */
function traffic(namespace: Namespace, line: string): unknown {
  return JSON.parse(JSON.stringify(shown(namespace, line), (name, value: unknown) => (/^(index|ref|bind|refcnt)$/.test(name) ? 0 : value)));
}

describe('network().shape', () => {
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    namespace().batch(['link add p0 type ifb', 'link set p0 up']);
    net = network({ netns: namespace().path });
  });
  after(() => net.close());
  afterEach(async () => {
    await one(net.shape('p0', null));
    for (const place of ['root', 'clsact']) namespace().run('sh', '-c', `tc qdisc del dev p0 ${place} 2>/dev/null || true`);
    namespace().run('sh', '-c', `ip link del ifb-${index()} 2>/dev/null || true`);
  });

  const tc = (line: string): string => namespace().run('tc', ...line.split(' '));
  const index = (): number => shown<Shown>(namespace(), 'ip -j link show dev p0')[0]!['ifindex'] as number;
  const qdiscs = (link = 'p0'): readonly Shown[] => shown<Shown>(namespace(), `tc -j qdisc show dev ${link}`);
  /** Returns what `tc` and `ip` print about all links, without counters, and without addresses and indexes that the kernel chooses. */
  const everything = (): string =>
    ['tc qdisc show', 'ip -o -d link', 'tc filter show dev p0 ingress']
      .map((line) => namespace().run('sh', '-c', line))
      .join('\n')
      .replaceAll(/link\/ether \S+|refcnt \d+|direct_packets_stat \d+| ref \d+ bind \d+|index \d+|\d+(?=: ifb-)/g, '');

  it('limits outgoing packets with a qdisc that tc shows, writes nothing the second time, and removes it', async () => {
    const before = everything();
    const { link, shape, changed } = await one(net.shape('p0', { out: '20mbit' }));
    expect({ link, shape }).to.deep.equal({ link: 'p0', shape: { out: 20_000_000 } });
    expect(changed.map(({ text }) => text)).to.deep.equal(['+ qdisc root on p0']);
    expect(qdiscs()).to.have.length(1);
    expect(qdiscs()[0]).to.deep.include({ kind: 'tbf', root: true });
    const { rate, lat } = qdiscs()[0]!['options'] as { readonly rate: number; readonly lat: number };
    expect(rate).to.equal(2_500_000);
    expect(lat).to.be.closeTo(50_000, 1);
    expect(await countWrites(async () => expect((await one(net.shape('p0', { out: 20e6 }))).changed).to.deep.equal([]))).to.equal(0);

    const again = await one(net.shape('p0', { out: '5mbit' }));
    expect(again.changed.map(({ action, changes }) => [action, Object.keys(changes ?? {})])).to.deep.equal([
      ['change', ['tbf.rate', 'tbf.burst']],
    ]);
    expect(qdiscs()[0]!['options']).to.deep.include({ rate: 625_000 });
    const removed = await one(net.shape('p0', null));
    expect(removed).to.deep.include({ shape: {} });
    expect(removed.changed.map(({ text }) => text)).to.deep.equal(['- qdisc root on p0']);
    expect(everything()).to.equal(before);
    expect((await one(net.shape('p0', null))).changed).to.deep.equal([]);
  });

  it('limits incoming packets through a link of its own, and removes all of it', async () => {
    const before = everything();
    const { shape } = await one(net.shape('p0', { in: '10mbit' }));
    expect(shape).to.deep.equal({ in: 10_000_000 });
    const through = `ifb-${index()}`;
    const [ifb] = shown<Shown>(namespace(), `ip -j -d link show dev ${through}`);
    expect(ifb).to.deep.include({ ifalias: 'rxnetlink shape of p0, with clsact' });
    expect(ifb!['flags']).to.include('UP');
    expect(qdiscs(through)[0]!['options']).to.deep.include({ rate: 1_250_000 });
    expect(qdiscs().map(({ kind }) => kind)).to.include('clsact');
    expect(tc('filter show dev p0 ingress')).to.match(new RegExp(`mirred \\(Egress Redirect to device ${through}\\)`));
    expect(await countWrites(() => one(net.shape('p0', { in: '10mbit' })))).to.equal(0);

    await one(net.shape('p0', { in: '2mbit' }));
    expect(qdiscs(through)[0]!['options']).to.deep.include({ rate: 250_000 });
    await one(net.shape('p0', { in: null }));
    expect(everything()).to.equal(before);
  });

  it('leaves an omitted limit alone', async () => {
    await one(net.shape('p0', { out: '20mbit', in: '10mbit' }));
    expect((await one(net.shape('p0', { out: '1mbit' }))).shape).to.deep.equal({ out: 1e6, in: 1e7 });
    expect((await one(net.shape('p0', { out: null }))).shape).to.deep.equal({ in: 1e7 });
    expect(qdiscs().map(({ kind }) => kind)).to.not.include('tbf');
  });

  it('keeps the qdisc clsact of another program, and filters at both sides', async () => {
    tc('qdisc add dev p0 clsact');
    tc('filter add dev p0 ingress prio 5 protocol ip u32 match ip dst 10.0.0.0/8 flowid 1:1');
    const before = everything();
    await one(net.shape('p0', { in: '10mbit' }));
    await one(net.shape('p0', null));
    expect(everything()).to.equal(before);

    tc('qdisc del dev p0 clsact');
    await one(net.shape('p0', { in: '10mbit' }));
    tc('filter add dev p0 egress prio 5 protocol ip u32 match ip dst 10.0.0.0/8 flowid 1:1');
    await one(net.shape('p0', null));
    expect(tc('filter show dev p0 egress')).to.include('0a000000/ff000000');
    expect(shown(namespace(), 'ip -j link').map((link) => link['ifname'])).to.not.include(`ifb-${index()}`);
  });

  it('takes the link of a deleted link with the same index for a leftover, and keeps a qdisc clsact that it did not make', async () => {
    const aliases = (): readonly unknown[] => shown<Shown>(namespace(), 'ip -j link').flatMap(({ ifalias }) => ifalias ?? []);
    const clsact = (link: string): boolean => qdiscs(link).some(({ kind }) => kind === 'clsact');
    const exchange = async (): Promise<void> => {
      namespace().ip('link add w0 index 5000 type ifb');
      await one(net.shape('w0', { in: '10mbit' }));
      namespace().ip('link del w0');
      expect(aliases()).to.deep.equal(['rxnetlink shape of w0, with clsact']);
      namespace().ip('link add w1 index 5000 type ifb');
      tc('qdisc add dev w1 clsact');
    };
    await exchange();
    const { changed } = await one(net.shape('w1', { in: '2mbit' }));
    expect(changed.map(({ text }) => text).slice(0, 2)).to.deep.equal(['- link ifb-5000', '+ link ifb-5000']);
    expect(aliases()).to.deep.equal(['rxnetlink shape of w1']);
    await one(net.shape('w1', null));
    expect([aliases(), clsact('w1')]).to.deep.equal([[], true]);
    namespace().ip('link del w1');

    await exchange();
    expect((await one(net.shape('w1', null))).changed.map(({ text }) => text)).to.deep.equal(['- link ifb-5000']);
    expect([aliases(), clsact('w1')]).to.deep.equal([[], true]);
    namespace().ip('link del w1');

    namespace().ip('link add w0 index 5000 type ifb');
    await one(net.shape('w0', { in: '10mbit' }));
    namespace().ip('link set w0 name w2');
    expect((await one(net.shape('w2', { out: '1mbit' }))).shape).to.deep.equal({ out: 1e6, in: 1e7 });
    await one(net.shape('w2', null));
    expect([aliases(), clsact('w2')]).to.deep.equal([[], false]);
    namespace().ip('link del w2');
  });

  it('knows the shape of a link that a document from another namespace made, and none of a link with that index', async () => {
    await one(net.shape('p0', { out: '20mbit', in: '10mbit' }));
    const document = await one(net.export());
    const other = createNamespace();
    using there = network({ netns: other.path });
    try {
      // The index of p0 is that of another link there.
      other.ip(`link add w0 index ${index()} type ifb`);
      await one(there.apply(document));
      for (const line of [`tc -j qdisc show dev ifb-${index()}`, 'tc -j filter show dev p0 ingress', 'tc -j qdisc show dev p0'])
        expect(traffic(other, line), line).to.deep.equal(traffic(namespace(), line));
      expect(await one(there.shape('p0', {}))).to.deep.include({ shape: { out: 20e6, in: 10e6 }, changed: [] });
      expect((await failure(there.shape('w0', { in: '1mbit' }), 'conflict')).message).to.include('the packets of p0 pass through ifb-');
      expect(await one(there.shape('w0', null))).to.deep.include({ shape: {}, changed: [] });
      expect((await one(there.shape('p0', { in: '2mbit' }))).shape).to.deep.equal({ out: 20e6, in: 2e6 });
      await one(there.shape('p0', null));
      expect(shown<Shown>(other, 'ip -j link').map(({ ifname }) => ifname)).to.have.members(['lo', 'w0', 'p0']);
      expect(shown<Shown>(other, 'tc -j qdisc show dev p0').filter(({ kind }) => kind === 'clsact')).to.deep.equal([]);
    } finally {
      other.delete();
    }
  });

  it('refuses to replace the qdisc, the link or the filter of another program', async () => {
    tc('qdisc add dev p0 root handle 1: htb');
    const before = everything();
    const error = await failure(net.shape('p0', { out: '1mbit' }), 'conflict');
    expect(error.message).to.equal('cannot shape link p0: it has a root qdisc of kind htb with handle 1:; delete that first');
    expect((await one(net.shape('p0', null))).changed).to.deep.equal([]);
    expect(everything()).to.equal(before);

    namespace().ip(`link add ifb-${index()} type ifb`);
    expect((await failure(net.shape('p0', { in: '1mbit' }), 'conflict')).message).to.include(`a link named ifb-${index()} exists`);
    await one(net.shape('p0', null));
    namespace().ip(`link del ifb-${index()}`);

    tc('qdisc add dev p0 clsact');
    tc('filter add dev p0 ingress prio 65535 protocol all u32 match u32 0 0 flowid 1:1');
    expect((await failure(net.shape('p0', { in: '1mbit' }), 'conflict')).message).to.include(
      'it has a filter of kind u32 with priority 65535',
    );
    expect(await lastValueFrom(net.links.find(`ifb-${index()}`))).to.equal(undefined);
  });

  it('takes back what it made when a part fails', async function () {
    const hasNetem = namespace().run(
      'sh',
      '-c',
      'tc qdisc add dev p0 root netem 2>/dev/null && tc qdisc del dev p0 root && echo yes || true',
    );
    if (hasNetem.includes('yes')) this.skip();
    const before = everything();
    const error = await failure(net.shape('p0', { in: '10mbit', out: '1mbit', delay: '10ms' }), 'unsupported');
    expect(error.message).to.include('netem').and.to.include('the link is as before');
    expect(everything()).to.equal(before);

    await one(net.shape('p0', { out: '20mbit', in: '10mbit' }));
    const shaped = everything();
    await failure(net.shape('p0', { in: '1mbit', delay: '10ms' }), 'unsupported');
    expect(everything()).to.equal(shaped);
    await failure(net.shape('p0', { in: null, delay: '10ms' }), 'unsupported');
    expect(everything()).to.equal(shaped);
  });

  it('names the link and the remedy in each error', async () => {
    expect((await failure(net.shape('p7', { out: '1mbit' }), 'missing')).message).to.equal('cannot shape link p7: it does not exist');
    for (const [out, text] of [
      [0, 'out: expected at least 8000 bit/s, not 0; null removes the limit'],
      [10, "out: expected at least 8000 bit/s; 10 is 10 bit/s: write '10mbit'; null removes the limit"],
      ['7kbit', 'out: expected at least 8000 bit/s, not 7kbit; null removes the limit'],
    ] as const)
      expect((await failure(net.shape('p0', { out }), 'invalid')).message).to.include(text);
    expect((await one(net.shape('p0', { out: 8000 }))).shape).to.deep.equal({ out: 8000 });
    expect((await failure(net.shape('p0', { outt: 5 } as never), 'invalid')).message).to.include('did you mean out?');
    expect((await failure(net.shape('p0', { out: '10mbps' as never }), 'invalid')).message).to.include('bps means bytes to tc');
    expect(() => net.shape('p0', 5 as never)).to.throw(TypeError);
  });
});

describe('network().shape with traffic', () => {
  const pair = usePair();

  it('limits the rate of outgoing and of incoming packets', async function () {
    if (PATIENCE > 1) skipBecause(this, 'packets are too slow on an emulated processor');
    const { first, measure } = pair();
    using net = network({ netns: first.path });
    expect(measure('out', 100), 'the rate without a limit').to.be.greaterThan(16e6);
    await one(net.shape('p0', { out: '4mbit', in: '2mbit' }));
    expect(measure('out', 300), 'outgoing').to.be.within(1.5e6, 6e6);
    expect(measure('in', 300), 'incoming').to.be.within(0.7e6, 3.5e6);
    await one(net.shape('p0', null));
    expect(measure('in', 100), 'incoming, without a limit').to.be.greaterThan(8e6);
  });
});
