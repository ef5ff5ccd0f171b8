import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import type { LinkSpec } from '../../../lib/network/links/link.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { countWrites, one, shown } from './support.js';

interface Shown extends Readonly<Record<string, unknown>> {
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: object };
}

/** Written links, and what `ip -d -j link` shows of each. Every value differs from the default. */
const WRITTEN: readonly (readonly [spec: LinkSpec, link: object, data?: object])[] = [
  [
    {
      name: 'w0',
      kind: 'ifb',
      up: true,
      mtu: 1400,
      alias: 'an alias',
      group: 7,
      txQueueLength: 55,
      txQueues: 3,
      rxQueues: 2,
      altnames: ['a-name-that-is-longer-than-fifteen-bytes', 'short'],
    },
    {
      operstate: 'UNKNOWN',
      mtu: 1400,
      ifalias: 'an alias',
      group: '7',
      txqlen: 55,
      num_tx_queues: 3,
      num_rx_queues: 2,
      altnames: ['a-name-that-is-longer-than-fifteen-bytes', 'short'],
    },
  ],
  [{ name: 'w0', kind: 'bridge', mac: '02:00:00:00:00:21' }, { address: '02:00:00:00:00:21' }],
  [
    {
      name: 'w0',
      kind: 'bridge',
      bridge: {
        stp: true,
        forwardDelay: '4s',
        helloTime: 1500,
        maxAge: '10s',
        ageing: '5m',
        priority: 4096,
        groupForwardMask: 8,
        groupAddress: '01:80:c2:00:00:05',
        multicastRouter: 'always',
        multicastSnooping: false,
        multicastQuerier: true,
        multicastQueryUseAddress: true,
        multicastHashMax: 512,
        multicastLastMemberCount: 3,
        multicastStartupQueryCount: 4,
        multicastLastMemberInterval: '2s',
        multicastMembershipInterval: '3s',
        multicastQuerierInterval: '4s',
        multicastQueryInterval: '5s',
        multicastQueryResponseInterval: '4s',
        multicastStartupQueryInterval: '7s',
        multicastStatistics: true,
        igmpVersion: 3,
        mldVersion: 2,
        noLinkLocalLearn: true,
      },
    },
    {},
    {
      stp_state: 1,
      forward_delay: 400,
      hello_time: 150,
      max_age: 1000,
      ageing_time: 30000,
      priority: 4096,
      group_fwd_mask: '0x8',
      group_addr: '01:80:c2:00:00:05',
      mcast_router: 2,
      mcast_snooping: 0,
      mcast_querier: 1,
      mcast_query_use_ifaddr: 1,
      mcast_hash_max: 512,
      mcast_last_member_cnt: 3,
      mcast_startup_query_cnt: 4,
      mcast_last_member_intvl: 200,
      mcast_membership_intvl: 300,
      mcast_querier_intvl: 400,
      mcast_query_intvl: 500,
      mcast_query_response_intvl: 400,
      mcast_startup_query_intvl: 700,
      mcast_stats_enabled: 1,
      mcast_igmp_version: 3,
      mcast_mld_version: 2,
      no_linklocal_learn: 1,
    },
  ],
  [{ name: 'w0', kind: 'bridge', bridge: { maxLearned: 99 } }, {}, { fdb_max_learned: 99 }],
  [
    {
      name: 'w0',
      kind: 'vxlan',
      vxlan: {
        id: 42,
        remote: '192.0.2.9',
        local: '192.0.2.1',
        port: 4789,
        sourcePorts: { low: 1000, high: 2000 },
        ttl: 9,
        tos: 4,
        df: 'set',
        learning: false,
        ageing: '2m',
        limit: 77,
        proxy: true,
        routeShortCircuit: true,
        l2miss: true,
        l3miss: true,
        udpChecksum: false,
        zeroChecksum6Send: true,
        zeroChecksum6Receive: true,
        gbp: true,
      },
    },
    {},
    {
      id: 42,
      remote: '192.0.2.9',
      local: '192.0.2.1',
      port: 4789,
      port_range: { low: 1000, high: 2000 },
      ttl: 9,
      tos: '0x4',
      df: 'set',
      learning: false,
      ageing: 120,
      limit: 77,
      proxy: true,
      rsc: true,
      l2miss: true,
      l3miss: true,
      udp_csum: false,
      udp_zero_csum6_tx: true,
      udp_zero_csum6_rx: true,
      // `ip` prints a flag without a value.
      gbp: null,
    },
  ],
  [
    { name: 'w0', kind: 'vxlan', parent: 'p0', vxlan: { id: 43, group: 'ff05::100', port: 4789 } },
    {},
    { id: 43, group6: 'ff05::100', link: 'p0' },
  ],
  [
    { name: 'w0', kind: 'vxlan', vxlan: { id: 44, remote: '2001:db8::9', local: '2001:db8::1', port: 4789, label: 5 } },
    {},
    { remote6: '2001:db8::9', local6: '2001:db8::1', label: '0x5' },
  ],
  [
    {
      name: 'w0',
      kind: 'macvlan',
      parent: 'p0',
      macvlan: { mode: 'source', sources: ['02:00:00:00:00:31', '02:00:00:00:00:32'] },
    },
    { link: 'p0' },
    {
      mode: 'source',
      macaddr_count: 2,
      macaddr_data: ['02:00:00:00:00:31', '02:00:00:00:00:32'],
    },
  ],
  [
    { name: 'w0', kind: 'macvlan', parent: 'p0', macvlan: { mode: 'bridge', broadcastQueueLength: 5 } },
    { link: 'p0' },
    { mode: 'bridge', bcqueuelen: 5 },
  ],
  [{ name: 'w0', kind: 'macvtap', parent: 'p0', macvtap: { mode: 'passthru' } }, { link: 'p0' }, { mode: 'passthru' }],
];

describe('network().links, by kind', () => {
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
    namespace().ip('link add p0 type ifb');
  });
  after(() => net.close());
  afterEach(() => void namespace().run('sh', '-c', 'ip link del w0 2>/dev/null || true'));

  const link = (name: string): Shown => shown<Shown>(namespace(), `ip -d -j link show dev ${name}`)[0]!;

  it('writes noDestination of macvlan as ip reads it', async function () {
    try {
      namespace().ip('link add w0 link p0 type macvlan mode source nodst');
    } catch (error) {
      skipBecause(this, 'macvlan of this kernel has no nodst', error);
    }
    const spec = { name: 'w0', kind: 'macvlan', parent: 'p0', macvlan: { mode: 'source', noDestination: true } } as const;
    expect(await countWrites(() => one(net.links.ensure(spec)))).to.equal(0);
    namespace().ip('link del w0');
    await one(net.links.ensure(spec));
    expect(link('w0').linkinfo?.info_data).to.include({ mode: 'source', nodst: true });
  });

  for (const [spec, wanted, data] of WRITTEN) {
    const title = JSON.stringify(spec).slice(0, 70);
    it(`writes ${title} as ip reads it, and nothing the second time`, async () => {
      const { changed } = await one(net.links.ensure(spec));
      expect(changed.map(({ action, text }) => [action, text])).to.deep.equal([['add', '+ link w0']]);
      const found = link('w0');
      expect(found).to.deep.include(wanted);
      expect(found.linkinfo?.info_kind).to.equal(spec.kind);
      if (data !== undefined) expect(found.linkinfo?.info_data).to.deep.include(data);
      expect(await countWrites(async () => expect((await one(net.links.ensure(spec))).changed).to.deep.equal([]))).to.equal(0);
      expect((await one(net.plan({ version: 1, links: [spec] }))).text).to.equal('');
      // What a reader returned can be written, and gives no difference.
      const object = await one(net.links.get('w0'));
      expect((await one(net.links.ensure(object))).changed).to.deep.equal([]);
      await one(net.links.delete(object));
      await one(net.links.add(object));
      const { linkinfo } = link('w0');
      expect(linkinfo?.info_data ?? {}).to.deep.include(data ?? {});
    });
  }
});
