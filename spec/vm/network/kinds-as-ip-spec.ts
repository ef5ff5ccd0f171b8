import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import { countWrites, failure, one, shown } from '../../kernel/network/support.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { spawnSync } from '../../support/programs.js';
import { useTally } from '../../support/tally.js';
import { modules } from '../support.js';
import { CASES } from './kind-cases.js';

interface Shown extends Readonly<Record<string, unknown>> {
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: Readonly<Record<string, unknown>> };
}

/** Kinds that Debian does not build. */
const LACKING: ReadonlySet<string> = new Set(['bareudp', 'amt']);

describe('kinds of network().links beside those of ip, on the wide kernel', () => {
  before(() => {
    modules('dummy', 'ip_gre', 'ip6_gre', 'ip6_tunnel', 'ipip', 'sit', 'ip_vti', 'ip6_vti', 'geneve', 'xfrm_interface', 'gtp');
    modules('hsr', 'macsec', 'batman_adv', 'vcan', 'vxcan', 'nlmon', 'team', 'fou', 'fou6', 'macvtap', 'ipvtap', 'vsockmon');
  });
  const namespace = useNamespace();
  let net: Network;
  const tally = useTally('ip -j -d link');
  before(() => {
    net = network({ netns: namespace().path });
    namespace().batch(['link add p0 type dummy', 'link add p1 type dummy', 'link add p2 type dummy', 'link set p0 up', 'link set p1 up']);
  });
  after(() => net?.close());
  afterEach(() => void namespace().run('sh', '-c', 'ip link del w0 2>/dev/null; ip link del w1 2>/dev/null; true'));

  /** Returns the options that `ip` shows; a counter is none. */
  const shownData = (): Readonly<Record<string, unknown>> => {
    const { seq_nr: _counter, ...data } = shown<Shown>(namespace(), 'ip -d -j link show dev w0')[0]!.linkinfo?.info_data ?? {};
    return data;
  };

  for (const { spec, ip, change } of CASES) {
    it(`reads and creates "${ip}" as ip does`, async function () {
      if (LACKING.has(spec.kind!) && spawnSync('modprobe', [spec.kind!]).status !== 0)
        skipBecause(this, `the kernel package lacks the module ${spec.kind!}`);
      namespace().ip(`link add w0 ${ip}`);
      const data = shownData();
      expect((await one(net.links.ensure(spec))).changed).to.deep.equal([]);
      const read = await one(net.links.get('w0'));
      expect(await countWrites(async () => expect((await one(net.links.ensure(read))).changed).to.deep.equal([]))).to.equal(0);
      for (const wanted of [spec, read]) {
        await one(net.links.delete('w0'));
        await one(net.links.add(wanted));
        expect(shownData()).to.deep.equal(data);
        tally.add(Object.keys(data).length);
        expect(await countWrites(() => one(net.links.ensure(wanted)))).to.equal(0);
      }
      if (change === undefined) return;
      const [part, shows] = change;
      await one(net.links.change('w0', part));
      expect(shownData()).to.deep.include(shows);
      expect(await countWrites(() => one(net.links.change('w0', part)))).to.equal(0);
    });
  }

  it('refuse a change that the kernel has no request for', async () => {
    await one(net.links.add({ name: 'w0', kind: 'geneve', geneve: { id: 9, remote: '10.1.2.3' } }));
    expect((await failure(net.links.change('w0', { kind: 'geneve', geneve: { id: 8 } }), 'unsupported')).path).to.equal('geneve.id');
    await one(net.links.change('w0', { kind: 'geneve', geneve: { id: 8 } }, { recreate: true }));
    expect(shownData()).to.include({ id: 8, remote: '10.1.2.3' });
    await failure(net.links.add({ name: 'w1', kind: 'bareudp', bareudp: { port: 5 } }), 'invalid');
  });

  it('keep both ends of a netkit pair in their namespaces', async () => {
    await one(net.links.add({ name: 'w0', kind: 'netkit', up: true, netkit: { peer: { name: 'w1', up: true, mtu: 1400 } } }));
    const [first, second] = [await one(net.links.get('w0')), await one(net.links.get('w1'))];
    expect([first.peer?.name, second.peer?.name, first.netkit?.peer?.name]).to.deep.equal(['w1', 'w0', 'w1']);
    expect([first.up, second.up, second.mtu]).to.deep.equal([true, true, 1400]);
  });
});
