import { expect } from 'chai';
import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { IfinfoFlags, RtextFilter, rtLink, type RtLinkFamily } from '../../../lib/families/rt-link.js';
import { Unknown, type FamilyClient, type KernelError } from '../../../lib/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { BRIDGE_PORT } from '../../families/compare/bridge-fields.js';
import { compareFields, type Shown } from '../../families/compare/fields.js';
import { linkFields, linkInfoOf } from '../../families/compare/link-fields.js';
import { LinkNames } from '../../families/compare/link-names.js';
import { json, linkNames } from './names.js';

const MADE = { create: true, exclusive: true } as const;
const BRIDGE = 7;
type NewLink = RtLinkFamily['do']['newlink']['request'];

interface ShownLink extends Shown {
  readonly linkinfo: { readonly info_kind: string; readonly info_data: Shown; readonly info_slave_data: Shown };
}

describe('rtLink writes links that ip reads back', () => {
  const namespace = useNamespace();
  let client: FamilyClient<RtLinkFamily>;

  const shown = (name: string) => json<ShownLink>(namespace(), `ip -j -d link show dev ${name}`)[0]!;
  const make = (request: NewLink) => lastValueFrom(client.do('newlink', request, MADE));
  const indexOf = async (ifname: string) => (await lastValueFrom(client.do('getlink', { ifname }))).ifiIndex;
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.fail('it succeeded'),
      (error: unknown) => error as KernelError,
    );

  before(async () => {
    client = rtLink({ netns: namespace().path });
    client.socket.connect();
    await make({
      ifname: 'v0',
      address: '02:00:00:00:00:10',
      mtu: 1400,
      numRxQueues: 3,
      numTxQueues: 2,
      linkinfo: { kind: 'veth', data: { peer: { ifname: 'v1', numRxQueues: 4, address: '02:00:00:00:00:11' } } },
    });
  });
  after(() => {
    client.close();
  });

  it('creates a veth with several queues, and its peer', () => {
    expect(shown('v0')).to.include({ link: 'v1', address: '02:00:00:00:00:10', mtu: 1400, num_rx_queues: 3, num_tx_queues: 2 });
    expect(shown('v1')).to.include({ link: 'v0', address: '02:00:00:00:00:11', num_rx_queues: 4 });
    expect(shown('v1').linkinfo.info_kind).to.equal('veth');
  });

  it('creates a bridge', async () => {
    await make({
      ifname: 'br0',
      linkinfo: {
        kind: 'bridge',
        data: {
          forwardDelay: 500,
          helloTime: 400,
          maxAge: 1100,
          ageingTime: 4320,
          stpState: 1,
          priority: 8192,
          groupFwdMask: 16,
          mcastSnooping: 0,
        },
      },
    });
    expect(shown('br0').linkinfo.info_data).to.include({
      forward_delay: 500,
      hello_time: 400,
      max_age: 1100,
      ageing_time: 4320,
      stp_state: 1,
      priority: 8192,
      group_fwd_mask: '0x10',
      mcast_snooping: 0,
    });
  });

  it('creates a VXLAN device over IPv4, and one over IPv6', async () => {
    const link = await indexOf('v0');
    await make({
      ifname: 'vx4',
      linkinfo: {
        kind: 'vxlan',
        data: {
          id: 77,
          link,
          group: '192.0.2.2',
          local: '192.0.2.1',
          port: 4789,
          ttl: 5,
          tos: 4,
          ageing: 99,
          learning: 0,
          portRange: { low: 1000, high: 2000 },
        },
      },
    });
    const common = {
      id: 77,
      remote: '192.0.2.2',
      local: '192.0.2.1',
      link: 'v0',
      port: 4789,
      ttl: 5,
      tos: '0x4',
      ageing: 99,
      learning: false,
    };
    expect(shown('vx4').linkinfo.info_data).to.deep.include({ ...common, port_range: { low: 1000, high: 2000 } });
    await make({
      ifname: 'vx6',
      linkinfo: {
        kind: 'vxlan',
        data: { id: 78, link, group6: 'ff05::100', local6: '2001:db8::1', port: 8472, udpZeroCsum6Tx: 1, ttlInherit: true },
      },
    });
    expect(shown('vx6').linkinfo.info_data).to.include({
      id: 78,
      group6: 'ff05::100',
      local6: '2001:db8::1',
      port: 8472,
      udp_zero_csum6_tx: true,
    });
  });

  it('creates a macvlan, a macvtap and an ifb', async () => {
    const link = await indexOf('v0');
    await make({ ifname: 'mv0', link, linkinfo: { kind: 'macvlan', data: { mode: 'bridge' } } });
    await make({ ifname: 'mt0', link, linkinfo: { kind: 'macvtap', data: { mode: 'vepa' } } });
    await make({ ifname: 'ifb7', txqlen: 77, linkinfo: { kind: 'ifb' } });
    expect(shown('mv0').linkinfo).to.deep.include({ info_kind: 'macvlan' });
    expect(shown('mv0').linkinfo.info_data).to.include({ mode: 'bridge' });
    expect(shown('mt0').linkinfo).to.deep.include({ info_kind: 'macvtap' });
    expect(shown('mt0').linkinfo.info_data).to.include({ mode: 'vepa' });
    expect(shown('ifb7')).to.include({ txqlen: 77 });
  });

  it('writes the length of the broadcast queue of a macvlan', async function () {
    const data = { mode: 'bridge', bcQueueLen: 500 } as const;
    await make({ ifname: 'mv1', link: await indexOf('v0'), linkinfo: { kind: 'macvlan', data } });
    const length = shown('mv1').linkinfo.info_data['bcqueuelen'];
    if (length === undefined) skipBecause(this, 'this kernel has no IFLA_MACVLAN_BC_QUEUE_LEN');
    expect(length).to.equal(500);
  });

  it('changes flags, master, alias and alternative names, and deletes a link', async () => {
    const v1 = await indexOf('v1');
    const up = IfinfoFlags.Up;
    await lastValueFrom(
      client.do('setlink', { ifiIndex: v1, ifiFlags: up, ifiChange: up, master: await indexOf('br0'), ifalias: 'the other end' }),
    );
    expect(shown('v1')).to.include({ master: 'br0', ifalias: 'the other end' });
    expect(shown('v1')['flags']).to.include('UP');
    await lastValueFrom(
      client.do(
        'newlinkprop',
        { ifiIndex: v1, propList: { altIfname: ['name-one-that-is-long', 'name-two'] } },
        { create: true, exclusive: true, append: true },
      ),
    );
    expect(shown('v1')['altnames']).to.deep.equal(['name-one-that-is-long', 'name-two']);
    await lastValueFrom(client.do('dellinkprop', { ifiIndex: v1, propList: { altIfname: ['name-two'] } }));
    expect(shown('v1')['altnames']).to.deep.equal(['name-one-that-is-long']);
    await lastValueFrom(client.do('dellink', { ifname: 'ifb7' }));
    expect(json(namespace(), 'ip -j link').map(({ ifname }) => ifname)).to.not.include('ifb7');
  });

  it('dumps the links of one master, or one kind, which the kernel filters', async () => {
    const kinds = await lastValueFrom(client.list('getlink', { linkinfo: { kind: 'vxlan' } }));
    expect(kinds.map(({ ifname }) => ifname)).to.deep.equal(['vx4', 'vx6']);
    const ports = await lastValueFrom(client.list('getlink', { master: await indexOf('br0') }));
    expect(ports.map(({ ifname }) => ifname)).to.deep.equal(['v1']);
  });

  it('reads counters as ip -s shows them', async () => {
    // The kernel updates a link's counters once a second; those of an interface that is down do not change.
    const row = await lastValueFrom(client.do('getstats', { ifindex: await indexOf('vx4'), filterMask: 1 }));
    const [{ stats64 } = { stats64: undefined }] = json<{ stats64: { rx: Shown; tx: Shown } }>(namespace(), 'ip -j -s link show dev vx4');
    const { rxPackets, rxBytes, txPackets, txBytes, txErrors } = row.link64!;
    expect([rxPackets, rxBytes, txPackets, txBytes, txErrors].map(Number)).to.deep.equal([
      ...[stats64!.rx['packets'], stats64!.rx['bytes'], stats64!.tx['packets'], stats64!.tx['bytes'], stats64!.tx['errors']],
    ]);
  });

  describe('errors', () => {
    const vxlan = (data: object) => failure(make({ ifname: 'no0', linkinfo: { kind: 'vxlan', data } }));

    it('name the attribute whose value is out of range', async () => {
      const error = await vxlan({ id: 1 << 25 });
      expect(error.message).to.equal(
        "ERANGE newlink: interface 'no0', kind 'vxlan': .linkinfo.data.id VXLAN ID must be lower than 16777216",
      );
    });

    it('name an unknown kind of link', async () => {
      expect((await failure(make({ ifname: 'no0', linkinfo: { kind: 'no-such-kind' as 'ifb' } }))).message).to.equal(
        "EOPNOTSUPP newlink: interface 'no0', kind 'no-such-kind': Unknown device type (this kernel may lack link kind 'no-such-kind': try `modprobe rtnl-link-no-such-kind`)",
      );
    });

    it('have the code EEXIST or ENODEV when a link exists already, or does not exist', async () => {
      expect(await failure(make({ ifname: 'br0', linkinfo: { kind: 'bridge' } }))).to.include({ code: 'EEXIST', operation: 'newlink' });
      expect(await failure(lastValueFrom(client.do('getlink', { ifname: 'nope' })))).to.include({ code: 'ENODEV', operation: 'getlink' });
    });
  });

  describe('ports of bridges', () => {
    before(async () => {
      await make({ ifname: 'p0', linkinfo: { kind: 'veth', data: { peer: { ifname: 'p1' } } } });
    });

    it('are written, and read as ip -d and bridge -d show them', async () => {
      const names = await linkNames(namespace());
      await lastValueFrom(
        client.do('newlink', {
          ifname: 'p0',
          master: names.indexOf('br0'),
        }),
      );
      await lastValueFrom(
        client.do('setlink', {
          ifiFamily: BRIDGE,
          ifiIndex: names.indexOf('p0'),
          protinfo: { guard: 1, learning: 0, isolated: 1, cost: 7, priority: 3 },
        } as never),
      );
      const port = shown('p0').linkinfo.info_slave_data;
      expect(port).to.include({ guard: true, learning: false, isolated: true, cost: 7, priority: 3 });
      const row = await lastValueFrom(client.do('getlink', { ifname: 'p0' }));
      expect(row.linkinfo).to.include({ slaveKind: 'bridge' });
      const data = (row.linkinfo as unknown as { slaveData: Record<string, unknown> }).slaveData;
      expect(Unknown in data).to.equal(false);
      compareFields(
        'p0',
        Object.fromEntries(Object.entries(port).filter(([key]) => !key.endsWith('_timer') && !key.endsWith('_id'))),
        data,
        BRIDGE_PORT,
      );
    });

    it('are dumped with AF_BRIDGE: protinfo has the values of bridge -d link', async () => {
      const rows = await lastValueFrom(client.list('getlink', { ifiFamily: BRIDGE, extMask: RtextFilter.Brvlan }));
      const row = rows.find(({ ifname }) => ifname === 'p0') as { protinfo?: Record<string, unknown> } | undefined;
      const port = json<Shown>(namespace(), 'bridge -j -d link').find(({ ifname }) => ifname === 'p0')!;
      expect(row?.protinfo).to.include({ cost: port['cost'], priority: port['priority'], guard: 1, isolated: 1, learning: 0 });
    });

    it('send a dellink of AF_BRIDGE when they leave the bridge; the link still exists', async () => {
      const received = firstValueFrom(
        client.notifications('rtnlgrp-link').pipe(
          filter(({ value }) => value.ifname === 'p0'),
          filter(({ op, value }) => op === 'dellink-ntf' || value.ifiFamily === 0),
          take(2),
          toArray(),
        ),
      );
      namespace().ip('link set p0 nomaster');
      const announced = (await received).map(({ op, value }) => [op, value.ifiFamily]);
      expect(announced).to.deep.include(['dellink-ntf', BRIDGE]);
      expect(shown('p0')).to.not.have.property('master');
    });
  });

  it('reads all created links again as ip -d shows them', async () => {
    // A carrier comes up after its link: compare when two consecutive reads show no change.
    const look = () => json<ShownLink>(namespace(), 'ip -j -d link');
    const plainly = (rows: readonly ShownLink[]) => JSON.stringify(rows.map(({ linkinfo: _timers, ...plain }) => plain));
    namespace().ip('link set v0 up');
    let [before, after] = [look(), look()];
    let links: RtLinkFamily['dump']['getlink']['reply'][] = [];
    for (let tries = 0; tries < 20 && (links.length === 0 || plainly(before) !== plainly(after)); tries++) {
      before = look();
      links = await lastValueFrom(client.list('getlink'));
      after = look();
    }
    const names = new LinkNames(links);
    for (const { linkinfo, ...plain } of after) {
      const link = links.find(({ ifiIndex }) => ifiIndex === plain['ifindex'])!;
      compareFields(String(plain['ifname']), plain, link, linkFields(names));
      const info = linkInfoOf(link, names);
      if (info !== undefined) compareFields(`${String(plain['ifname'])}.info_data`, linkinfo.info_data, info.value, info.fields);
    }
  });
});

describe('rtLink notifications', () => {
  const namespace = useNamespace();

  it('arrive when a link is added, changed and deleted', async () => {
    using client = rtLink({ netns: namespace().path });
    const received = firstValueFrom(client.notifications('rtnlgrp-link').pipe(take(3), toArray()));
    namespace().batch(['link add b7 type bridge', 'link set b7 mtu 1300', 'link del b7']);
    const announced = (await received).map(({ op, value: { ifname, mtu, linkinfo }, group }) => ({
      op,
      ifname,
      mtu,
      kind: linkinfo?.kind,
      group,
    }));
    expect(announced).to.deep.equal([
      { op: 'newlink-ntf', ifname: 'b7', mtu: 1500, kind: 'bridge', group: 1 },
      { op: 'newlink-ntf', ifname: 'b7', mtu: 1300, kind: 'bridge', group: 1 },
      { op: 'dellink-ntf', ifname: 'b7', mtu: 1300, kind: 'bridge', group: 1 },
    ]);
  });
});
