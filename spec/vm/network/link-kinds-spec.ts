import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import type { LinkSpec } from '../../../lib/network/links/link.js';
import { countWrites, failure, one, shown } from '../../kernel/network/support.js';
import { useNamespace } from '../../support/namespace.js';
import { modules } from '../support.js';

interface Shown extends Readonly<Record<string, unknown>> {
  readonly flags: readonly string[];
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: object; readonly info_slave_data?: object };
}

/** Written links, and the options that `ip -d -j link` shows of each. */
const WRITTEN: readonly (readonly [spec: LinkSpec, data: object])[] = [
  [{ name: 'w0', kind: 'dummy' }, {}],
  [
    {
      name: 'w0',
      kind: 'vlan',
      parent: 'p0',
      vlan: { id: 42, protocol: '802.1ad', reorderHeader: false, gvrp: true, looseBinding: true, egressPriorities: [{ from: 1, to: 3 }] },
    },
    { id: 42, protocol: '802.1ad', flags: ['GVRP', 'LOOSE_BINDING'], egress_qos: [{ from: 1, to: 3 }] },
  ],
  [{ name: 'w0', kind: 'vrf', vrf: { table: 100 } }, { table: 100 }],
  [
    { name: 'w0', kind: 'ipvlan', parent: 'p0', ipvlan: { mode: 'l3s', private: true } },
    { mode: 'l3s', private: true },
  ],
  [{ name: 'w0', kind: 'wireguard' }, {}],
  [
    {
      name: 'w0',
      kind: 'bond',
      bond: { mode: '802.3ad', miimon: '100ms', upDelay: 200, minLinks: 2, lacpRate: 'fast', hashPolicy: 'layer3+4' },
    },
    { mode: '802.3ad', miimon: 100, updelay: 200, min_links: 2, ad_lacp_rate: 'fast', xmit_hash_policy: 'layer3+4' },
  ],
  [
    { name: 'w0', kind: 'bond', bond: { mode: 'active-backup', arpInterval: '1s', arpTargets: ['192.0.2.1'], failOverMac: 'active' } },
    { mode: 'active-backup', arp_interval: 1000, arp_ip_target: ['192.0.2.1'], fail_over_mac: 'active' },
  ],
  [
    {
      name: 'w0',
      kind: 'gre',
      parent: 'p0',
      gre: { local: '192.0.2.1', remote: '192.0.2.9', ttl: 9, inputKey: 5, outputKey: 6, outputChecksum: true, mark: 7 },
    },
    { local: '192.0.2.1', remote: '192.0.2.9', ttl: 9, ikey: '0.0.0.5', okey: '0.0.0.6', ocsum: true, fwmark: '0x7', link: 'p0' },
  ],
  [
    { name: 'w0', kind: 'gretap', gretap: { local: '192.0.2.1', remote: '192.0.2.8' } },
    { local: '192.0.2.1', remote: '192.0.2.8' },
  ],
  [
    { name: 'w0', kind: 'ipip', parent: 'p0', ipip: { local: '192.0.2.1', remote: '192.0.2.9', ttl: 64 } },
    { local: '192.0.2.1', remote: '192.0.2.9', ttl: 64, link: 'p0' },
  ],
  [
    { name: 'w0', kind: 'sit', sit: { local: '192.0.2.1', remote: '192.0.2.9', ttl: 64 } },
    { remote: '192.0.2.9', ttl: 64 },
  ],
];

describe('network().links on the wide kernel', () => {
  before(() => modules('dummy', '8021q', 'vrf', 'ipvlan', 'wireguard', 'bonding', 'ip_gre', 'ipip', 'sit'));
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
    namespace().batch(['link add p0 type dummy', 'link set p0 up']);
  });
  after(() => net.close());
  afterEach(() => void namespace().run('sh', '-c', 'for l in w0 w1 w2; do ip link del $l 2>/dev/null; done; true'));

  const link = (name: string): Shown => shown<Shown>(namespace(), `ip -d -j link show dev ${name}`)[0]!;

  for (const [spec, data] of WRITTEN) {
    it(`writes ${JSON.stringify(spec).slice(0, 70)} as ip reads it, and nothing the second time`, async () => {
      await one(net.links.add(spec));
      expect(link('w0').linkinfo?.info_data ?? {}).to.deep.include(data);
      expect(await countWrites(async () => expect((await one(net.links.ensure(spec))).changed).to.deep.equal([]))).to.equal(0);
      const object = await one(net.links.get('w0'));
      expect((await one(net.links.ensure(object))).changed).to.deep.equal([]);
      await one(net.links.delete(object));
      await one(net.links.add(object));
      expect(link('w0').linkinfo?.info_data ?? {}).to.deep.include(data);
    });
  }

  it('keeps the options of a tunnel that a change omits', async () => {
    const gre = { local: '192.0.2.1', remote: '192.0.2.9', ttl: 9, inputKey: 5, outputKey: 6 };
    await one(net.links.add({ name: 'w0', kind: 'gre', parent: 'p0', gre }));
    await one(net.links.change('w0', { kind: 'gre', gre: { ttl: 10 } }));
    expect(link('w0').linkinfo?.info_data).to.deep.include({ remote: '192.0.2.9', ttl: 10, ikey: '0.0.0.5', okey: '0.0.0.6', link: 'p0' });
  });

  it('sets a port down for a bond, which sets it up', async () => {
    namespace().batch(['link add w1 type dummy', 'link set w1 up']);
    await one(net.links.add({ name: 'w0', kind: 'bond', bond: { mode: 'active-backup', miimon: 100 } }));
    const spec: LinkSpec = { name: 'w1', master: 'w0', bondPort: { queue: 3 } };
    await one(net.links.ensure(spec));
    expect(link('w1')).to.include({ master: 'w0' });
    expect(link('w1').flags).to.include('UP');
    expect(link('w1').linkinfo?.info_slave_data).to.include({ queue_id: 3 });
    expect(await countWrites(() => one(net.links.ensure(spec)))).to.equal(0);
    await one(net.links.change('w0', { kind: 'bond', bond: { primary: 'w1' } }));
    expect(link('w0').linkinfo?.info_data).to.include({ primary: 'w1' });
    expect((await failure(net.links.change('w1', { bridgePort: { cost: 4 } }), 'invalid')).path).to.equal('bridgePort');
  });

  it('does not claim to delete a fallback device', async () => {
    await failure(net.links.delete('tunl0'), 'unsupported');
    expect(link('tunl0').linkinfo?.info_kind).to.equal('ipip');
  });

  it('rejects the number of another VLAN, which the kernel would ignore', async () => {
    await one(net.links.add({ name: 'w0', kind: 'vlan', parent: 'p0', vlan: { id: 7 } }));
    await failure(net.links.change('w0', { kind: 'vlan', vlan: { id: 8 } }), 'unsupported');
    await failure(net.links.add({ name: 'w1', kind: 'vrf' }), 'invalid');
  });
});
