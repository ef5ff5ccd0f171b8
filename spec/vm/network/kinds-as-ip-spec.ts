import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import type { LinkPart, LinkSpec } from '../../../lib/network/links/link.js';
import { countWrites, failure, one, shown } from '../../kernel/network/support.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { spawnSync } from '../../support/programs.js';
import { useTally } from '../../support/tally.js';
import { modules } from '../support.js';

interface Shown extends Readonly<Record<string, unknown>> {
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: Readonly<Record<string, unknown>> };
}

/** A link in our words and in those of `ip link add w0`, and a change with what `ip` shows after it. */
interface Case {
  readonly spec: LinkSpec;
  readonly ip: string;
  readonly change?: readonly [part: LinkPart, shows: object];
}

const FOUR = { local: '192.0.2.1', remote: '192.0.2.9' };
const SIX = { local: '2001:db8::1', remote: '2001:db8::9' };
const FOUR_IP = 'local 192.0.2.1 remote 192.0.2.9';
const SIX_IP = 'local 2001:db8::1 remote 2001:db8::9';
const w0 = { name: 'w0' } as const;
const on = { ...w0, parent: 'p0' } as const;

/** Kinds that Debian does not build. */
const LACKING: ReadonlySet<string> = new Set(['bareudp', 'amt']);

/** Every value differs from the default. */
const CASES: readonly Case[] = [
  {
    spec: {
      ...w0,
      kind: 'gre',
      gre: { ...FOUR, tos: 4, encap: 'fou', encapSourcePort: 5555, encapPort: 6666, encapChecksum: true, encapRemoteChecksum: true },
    },
    ip: `type gre ${FOUR_IP} tos 4 encap fou encap-sport 5555 encap-dport 6666 encap-csum encap-remcsum`,
    change: [
      { kind: 'gre', gre: { encap: 'gue', encapChecksum: false } },
      { encap: { type: 'gue', sport: 5555, dport: 6666, csum: false, csum6: false, remcsum: true } },
    ],
  },
  { spec: { ...w0, kind: 'gretap', gretap: { external: true } }, ip: 'type gretap external' },
  {
    spec: {
      ...w0,
      kind: 'erspan',
      erspan: { ...FOUR, inputKey: 100, outputKey: 100, inputSequence: true, outputSequence: true, version: 1, index: 123 },
    },
    ip: `type erspan ${FOUR_IP} seq key 100 erspan_ver 1 erspan 123`,
    change: [{ kind: 'erspan', erspan: { index: 124 } }, { erspan_index: 124 }],
  },
  {
    spec: {
      ...w0,
      kind: 'erspan',
      erspan: {
        ...FOUR,
        inputKey: 100,
        outputKey: 100,
        inputSequence: true,
        outputSequence: true,
        version: 2,
        direction: 'egress',
        hardwareId: 17,
      },
    },
    ip: `type erspan ${FOUR_IP} seq key 100 erspan_ver 2 erspan_dir egress erspan_hwid 17`,
  },
  {
    spec: {
      ...on,
      kind: 'ip6gre',
      ip6gre: {
        ...SIX,
        ttl: 33,
        inputKey: 5,
        outputKey: 6,
        outputChecksum: true,
        encapLimit: 7,
        trafficClass: 0x12,
        flowLabel: 0x345,
        mark: 7,
      },
    },
    ip: `type ip6gre ${SIX_IP} hoplimit 33 ikey 5 okey 6 ocsum encaplimit 7 tclass 0x12 flowlabel 0x345 fwmark 7 dev p0`,
    change: [
      { kind: 'ip6gre', ip6gre: { ttl: 34, encapLimit: 'none' } },
      { ttl: 34, ikey: '0.0.0.5', okey: '0.0.0.6', ocsum: true, fwmark: '0x7' },
    ],
  },
  {
    spec: {
      ...w0,
      kind: 'ip6gretap',
      ip6gretap: { ...SIX, encapLimit: 'none', inheritTrafficClass: true, inheritFlowLabel: true, copyDscp: true, inputSequence: true },
    },
    ip: `type ip6gretap ${SIX_IP} encaplimit none tclass inherit flowlabel inherit dscp inherit iseq`,
  },
  {
    spec: {
      ...w0,
      kind: 'ip6erspan',
      ip6erspan: {
        ...SIX,
        inputKey: 9,
        outputKey: 9,
        inputSequence: true,
        outputSequence: true,
        version: 2,
        direction: 'ingress',
        hardwareId: 5,
      },
    },
    ip: `type ip6erspan ${SIX_IP} seq key 9 erspan_ver 2 erspan_dir ingress erspan_hwid 5`,
  },
  {
    spec: {
      ...on,
      kind: 'ip6tnl',
      ip6tnl: { ...SIX, protocol: 'ip', ttl: 33, encapLimit: 7, trafficClass: 0x12, flowLabel: 0x345, mark: 7, allowLocalRemote: true },
    },
    ip: `type ip6tnl mode ipip6 ${SIX_IP} hoplimit 33 encaplimit 7 tclass 0x12 flowlabel 0x345 fwmark 7 allow-localremote dev p0`,
    change: [
      { kind: 'ip6tnl', ip6tnl: { protocol: 'any', inheritMark: true } },
      { proto: 'any', ttl: 33, link: 'p0' },
    ],
  },
  {
    spec: {
      ...w0,
      kind: 'ip6tnl',
      ip6tnl: { ...SIX, protocol: 'ipv6', encapLimit: 'none', copyDscp: true, encap: 'gue', encapPort: 5566, encapChecksum6: true },
    },
    ip: `type ip6tnl mode ip6ip6 ${SIX_IP} encaplimit none dscp inherit encap gue encap-dport 5566 encap-udp6-csum`,
  },
  {
    spec: { ...on, kind: 'ipip', ipip: { ...FOUR, ttl: 64, tos: 4, protocol: 'any', mark: 7, encap: 'gue', encapPort: 5566 } },
    ip: `type ipip ${FOUR_IP} ttl 64 tos 4 mode any fwmark 7 encap gue encap-dport 5566 dev p0`,
  },
  {
    spec: { ...w0, kind: 'sit', sit: { ...FOUR, ttl: 0, pathMtuDiscovery: false, protocol: 'any', mark: 9 } },
    ip: `type sit ${FOUR_IP} nopmtudisc mode any fwmark 9`,
  },
  {
    spec: { ...on, kind: 'vti', vti: { ...FOUR, inputKey: 5, outputKey: 6, mark: 7 } },
    ip: `type vti ${FOUR_IP} ikey 5 okey 6 fwmark 7 dev p0`,
    change: [
      { kind: 'vti', vti: { outputKey: 8 } },
      { remote: '192.0.2.9', ikey: '0.0.0.5', okey: '0.0.0.8', link: 'p0' },
    ],
  },
  {
    spec: { ...on, kind: 'vti6', vti6: { ...SIX, inputKey: 5, outputKey: 6, mark: 7 } },
    ip: `type vti6 ${SIX_IP} ikey 5 okey 6 fwmark 7 dev p0`,
  },
  {
    spec: { ...w0, kind: 'geneve', geneve: { id: 9, remote: '10.1.2.3', ttl: 33, tos: 0x16, port: 6090, udpChecksum: false, df: 'set' } },
    ip: 'type geneve id 9 remote 10.1.2.3 ttl 33 tos 0x16 dstport 6090 noudpcsum df set',
    change: [
      { kind: 'geneve', geneve: { remote: '10.1.2.4', ttlInherit: true } },
      { id: 9, remote: '10.1.2.4', port: 6090 },
    ],
  },
  {
    spec: {
      ...w0,
      kind: 'geneve',
      geneve: { id: 10, remote: '2001:db8::5', label: 0x345, zeroChecksum6Send: true, zeroChecksum6Receive: true },
    },
    ip: 'type geneve id 10 remote 2001:db8::5 flowlabel 0x345 udp6zerocsumtx udp6zerocsumrx',
  },
  { spec: { ...w0, kind: 'geneve', geneve: { external: true, innerProtocolInherit: true } }, ip: 'type geneve external innerprotoinherit' },
  {
    spec: { ...on, kind: 'xfrm', xfrm: { id: 42 } },
    ip: 'type xfrm dev p0 if_id 42',
    change: [{ kind: 'xfrm', xfrm: { id: 43 } }, { if_id: '0x2b' }],
  },
  {
    spec: { ...w0, kind: 'bareudp', bareudp: { port: 6635, protocol: 'mpls', sourcePortMin: 50_000, multipleProtocols: true } },
    ip: 'type bareudp dstport 6635 ethertype mpls_uc srcportmin 50000 multiproto',
  },
  {
    spec: { ...w0, kind: 'gtp', gtp: { role: 'ggsn', hashSize: 512, restartCount: 5 } },
    ip: 'type gtp role ggsn hsize 512 restart_count 5',
  },
  {
    spec: {
      ...on,
      kind: 'amt',
      amt: { mode: 'gateway', local: '192.0.2.1', discovery: '192.0.2.2', relayPort: 2270, gatewayPort: 2271, maxTunnels: 7 },
    },
    ip: 'type amt mode gateway local 192.0.2.1 discovery 192.0.2.2 relay_port 2270 gateway_port 2271 max_tunnels 7 dev p0',
  },
  {
    spec: { ...w0, kind: 'hsr', hsr: { port1: 'p0', port2: 'p1', supervision: 45, version: 1 } },
    ip: 'type hsr slave1 p0 slave2 p1 supervision 45 version 1',
  },
  {
    spec: { ...w0, kind: 'hsr', hsr: { port1: 'p0', port2: 'p1', supervision: 46, protocol: 'prp' } },
    ip: 'type hsr slave1 p0 slave2 p1 supervision 46 proto 1',
  },
  {
    spec: {
      ...on,
      kind: 'macsec',
      macsec: {
        port: 5,
        icvLength: 12,
        cipher: 'gcm-aes-256',
        encodingSa: 2,
        encrypt: true,
        sendSci: false,
        endStation: true,
        replayProtect: true,
        window: 64,
        validation: 'check',
      },
    },
    ip: 'link p0 type macsec port 5 icvlen 12 cipher gcm-aes-256 encodingsa 2 encrypt on send_sci off end_station on replay on window 64 validate check',
    change: [
      { kind: 'macsec', macsec: { encrypt: false, window: 65 } },
      { encrypt: false, window: 65, replay_protect: true, validation: 'check' },
    ],
  },
  {
    spec: { ...w0, kind: 'netkit', netkit: { mode: 'l2', policy: 'blackhole', peerPolicy: 'blackhole', peer: { name: 'w1' } } },
    ip: 'type netkit mode l2 blackhole peer blackhole name w1',
    change: [
      { kind: 'netkit', netkit: { policy: 'forward' } },
      { mode: 'l2', policy: 'forward', peer_policy: 'blackhole' },
    ],
  },
  { spec: { ...w0, kind: 'batadv', batadv: { algorithm: 'BATMAN_V' } }, ip: 'type batadv ra BATMAN_V' },
  { spec: { ...w0, kind: 'vxcan', vxcan: { peer: { name: 'w1' } } }, ip: 'type vxcan peer name w1' },
  { spec: { ...w0, kind: 'vcan' }, ip: 'type vcan' },
  { spec: { ...w0, kind: 'nlmon', up: true }, ip: 'up type nlmon' },
  { spec: { ...w0, kind: 'team' }, ip: 'type team' },
  { spec: { ...on, kind: 'macvtap', macvtap: { mode: 'private' } }, ip: 'link p0 type macvtap mode private' },
  { spec: { ...on, kind: 'ipvtap', ipvtap: { mode: 'l3s', vepa: true } }, ip: 'link p0 type ipvtap mode l3s vepa' },
];

describe('kinds of network().links beside those of ip, on the wide kernel', () => {
  before(() => {
    modules('dummy', 'ip_gre', 'ip6_gre', 'ip6_tunnel', 'ipip', 'sit', 'ip_vti', 'ip6_vti', 'geneve', 'xfrm_interface', 'gtp');
    modules('hsr', 'macsec', 'batman_adv', 'vcan', 'vxcan', 'nlmon', 'team', 'fou', 'fou6', 'macvtap', 'ipvtap');
  });
  const namespace = useNamespace();
  let net: Network;
  const tally = useTally('ip -j -d link');
  before(() => {
    net = network({ netns: namespace().path });
    namespace().batch(['link add p0 type dummy', 'link add p1 type dummy', 'link set p0 up', 'link set p1 up']);
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
    await one(net.links.add({ ...w0, kind: 'geneve', geneve: { id: 9, remote: '10.1.2.3' } }));
    expect((await failure(net.links.change('w0', { kind: 'geneve', geneve: { id: 8 } }), 'unsupported')).path).to.equal('geneve.id');
    await one(net.links.change('w0', { kind: 'geneve', geneve: { id: 8 } }, { recreate: true }));
    expect(shownData()).to.include({ id: 8, remote: '10.1.2.3' });
    await failure(net.links.add({ name: 'w1', kind: 'bareudp', bareudp: { port: 5 } }), 'invalid');
  });

  it('keep both ends of a netkit pair in their namespaces', async () => {
    await one(net.links.add({ ...w0, kind: 'netkit', up: true, netkit: { peer: { name: 'w1', up: true, mtu: 1400 } } }));
    const [first, second] = [await one(net.links.get('w0')), await one(net.links.get('w1'))];
    expect([first.peer?.name, second.peer?.name, first.netkit?.peer?.name]).to.deep.equal(['w1', 'w0', 'w1']);
    expect([first.up, second.up, second.mtu]).to.deep.equal([true, true, 1400]);
  });
});
