import { expect } from 'chai';
import { rtRoute } from '../../../lib/families/rt-route.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { useWatchers } from './watcher.js';

const SKIP_NOTIFY = '/proc/sys/net/ipv6/route/skip_notify_on_dev_down';

describe('a live collection of routes', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  let client: ReturnType<typeof rtRoute>;

  const index = (name: string): number => (JSON.parse(namespace().ip(`-j link show ${name}`)) as { ifindex: number }[])[0]!.ifindex;
  const to = (dst: string) => (route: { readonly dst?: string }) => route.dst === dst;

  beforeEach(() => {
    namespace().batch([
      'link add v0 type veth peer name v1',
      'link set v0 up',
      'link set v1 up',
      'addr add 10.1.0.1/24 dev v0',
      'addr add fd01::1/64 dev v0 nodad',
    ]);
    client = rtRoute({ netns: namespace().path });
  });
  afterEach(() => {
    client.close();
    namespace().ip('link del v0');
  });

  it('removes the routes of a link with its last IPv4 address, for which the kernel sends no events', async () => {
    namespace().batch(['route add 10.50.0.0/24 via 10.1.0.9', 'route add 10.51.0.0/24 dev v0']);
    const watcher = watch(client.watch('getroute', { rtmFamily: 2 }));
    await watcher.has('both routes', (routes) => routes.some(to('10.50.0.0')) && routes.some(to('10.51.0.0')));
    namespace().ip('addr del 10.1.0.1/24 dev v0');
    await watcher.has('no route of v0', (routes) => routes.every(({ oif }) => oif !== index('v0')));
    expect(watcher.reasons).to.include('silent');
  });

  it('updates routes whose preferred source is deleted, for which the kernel sends no events', async () => {
    namespace().batch([
      'addr add 10.1.0.2/24 dev v0',
      'addr add fd01::2/64 dev v0 nodad',
      'route add 10.52.0.0/24 via 10.1.0.9 src 10.1.0.2',
      'route add fd52::/64 via fd01::9 src fd01::2',
    ]);
    const watcher = watch(client.watch('getroute'));
    await watcher.has('both routes', (routes) => routes.some(to('10.52.0.0')) && routes.find(to('fd52::'))?.prefsrc === 'fd01::2');
    // IPv6 keeps the route without the preferred source.
    namespace().ip('addr del fd01::2/64 dev v0');
    expect(JSON.parse(namespace().ip('-j -6 route show fd52::/64')))
      .to.have.nested.property('[0]')
      .that.does.not.have.property('prefsrc');
    await watcher.has('no source', (routes) => routes.some((route) => to('fd52::')(route) && route.prefsrc === undefined));
    namespace().ip('addr del 10.1.0.2/24 dev v0');
    expect(namespace().ip('-4 route show 10.52.0.0/24')).to.equal('');
    await watcher.has('no IPv4 route', (routes) => !routes.some(to('10.52.0.0')));
  });

  it('keeps the local routes of a link that goes down, and emits none of its other routes after the resync', async () => {
    const many = Array.from(
      { length: 10_000 },
      (_, count) => `route add 10.${String(77 + (count >> 16))}.${String((count >> 8) & 255)}.${String(count & 255)}/32 via 10.1.0.9`,
    );
    namespace().batch(many);
    const watcher = watch(client.watch('getroute', { rtmFamily: 2 }));
    await watcher.has('all of them', (routes) => routes.length > 10_000);
    const from = watcher.changes.length;
    namespace().ip('link set v0 down');
    await watcher.has('none of them', (routes) => routes.every(({ gateway }) => gateway === undefined));
    const stale = watcher.changes
      .slice(from)
      .filter((change) => change.type === 'synced' && change.entries.some(({ gateway }) => gateway !== undefined));
    expect(stale).to.deep.equal([]);
    const local = watcher.entries!.filter(({ table, oif }) => table === 255 && oif === index('v0')).map(({ dst }) => dst);
    const shown = JSON.parse(namespace().ip('-j route show table local dev v0')) as { dst: string }[];
    expect(local).to.have.members(shown.map(({ dst }) => dst));
    expect(local).to.include('10.1.0.1');
  });

  it('removes nexthop objects and their routes when the carrier is lost', async () => {
    namespace().batch(['nexthop add id 7 via 10.1.0.9 dev v0', 'route add 10.60.0.0/24 nhid 7']);
    const routes = watch(client.watch('getroute', { rtmFamily: 2 }));
    const nexthops = watch(client.watch('getnexthop'));
    await routes.has('the route', (entries) => entries.some(to('10.60.0.0')));
    await nexthops.has('the nexthop', (entries) => entries.some(({ id }) => id === 7));
    namespace().ip('link set v1 down');
    await nexthops.has('no nexthop', (entries) => entries.length === 0);
    await routes.has('no route', (entries) => !entries.some(to('10.60.0.0')));
    expect(namespace().ip('nexthop')).to.equal('');
  });

  it('removes the IPv6 routes of a link that goes down, also when a sysctl suppresses their events', async function () {
    try {
      namespace().run('sh', '-c', `echo 1 > ${SKIP_NOTIFY}`);
    } catch (error) {
      skipBecause(this, 'skip_notify_on_dev_down cannot be written in a network namespace of an ordinary user', error);
    }
    namespace().batch(['route add fd72::/64 via fd01::7', 'route add fd73::/64 dev v0']);
    const watcher = watch(client.watch('getroute', { rtmFamily: 10 }));
    await watcher.has('both routes', (routes) => routes.some(to('fd72::')) && routes.some(to('fd73::')));
    namespace().ip('link set v0 down');
    await watcher.has('no route of v0', (routes) => routes.every(({ oif }) => oif !== index('v0')));
    expect(watcher.reasons).to.include('silent');
    namespace().run('sh', '-c', `echo 0 > ${SKIP_NOTIFY}`);
  });

  it('removes a route over several links when the first of them is deleted', async () => {
    namespace().batch(['link add w0 type veth peer name w1', 'link set w0 up', 'link set w1 up', 'addr add 10.2.0.1/24 dev w0']);
    namespace().ip('route add 10.74.0.0/24 nexthop via 10.1.0.9 dev v0 nexthop via 10.2.0.9 dev w0');
    const watcher = watch(client.watch('getroute', { rtmFamily: 2 }));
    await watcher.has('the route', (routes) => routes.find(to('10.74.0.0'))?.multipath?.length === 2);
    namespace().ip('link del w0');
    await watcher.has('no route', (routes) => !routes.some(to('10.74.0.0')));
    expect(namespace().ip('route show 10.74.0.0/24')).to.equal('');
    expect(watcher.since(0).map(({ type }) => type)).to.include('removed');
  });

  it('removes the routes of a deleted nexthop object', async () => {
    namespace().batch(['nexthop add id 8 via 10.1.0.9 dev v0', 'route add 10.61.0.0/24 nhid 8']);
    const watcher = watch(client.watch('getroute', { rtmFamily: 2 }));
    await watcher.has('the route', (entries) => entries.some(to('10.61.0.0')));
    namespace().ip('nexthop del id 8');
    await watcher.has('no route', (entries) => !entries.some(to('10.61.0.0')));
  });

  for (const [family, dst, gateways, option] of [
    [2, '10.70.0.0', ['10.1.0.7', '10.1.0.8'], ''],
    [10, 'fd70::', ['fd01::7', 'fd01::8'], '-6 '],
  ] as const) {
    it(`follows ${option === '' ? 'IPv4' : 'IPv6'} routes that are appended, replaced and deleted`, async () => {
      const prefix = `${dst}/${family === 2 ? '24' : '64'}`;
      const watcher = watch(client.watch('getroute', { rtmFamily: family }));
      const held = () =>
        watcher.entries!.filter(to(dst)).map(({ gateway, multipath }) => gateway ?? multipath?.map((hop) => hop.gateway).sort());
      const shows = (gatewayLists: readonly unknown[]) => () => JSON.stringify(held()) === JSON.stringify(gatewayLists);
      await watcher.has('being in sync');
      namespace().ip(`${option}route add ${prefix} via ${gateways[0]}`);
      await watcher.has('the first', shows([gateways[0]]));
      const readings = watcher.reasons.length;
      namespace().ip(`${option}route append ${prefix} via ${gateways[1]}`);
      // In IPv6 both are one route with two nexthops.
      await watcher.has('the second', shows(family === 2 ? gateways : [[...gateways]]));
      namespace().ip(`${option}route replace blackhole ${prefix}`);
      await watcher.has('the blackhole', () => watcher.entries!.some((route) => to(dst)(route) && route.rtmType === 'blackhole'));
      expect(held()).to.have.lengthOf(family === 2 ? 2 : 1);
      namespace().ip(`${option}route flush ${prefix}`);
      await watcher.has('none', shows([]));
      expect(watcher.reasons.length, 'readings').to.equal(readings);
    });
  }

  it('removes one IPv6 nexthop without a resync', async () => {
    const watcher = watch(client.watch('getroute', { rtmFamily: 10 }));
    await watcher.has('being in sync');
    namespace().ip('-6 route add fd71::/64 nexthop via fd01::7 nexthop via fd01::8');
    await watcher.has('both', (routes) => routes.find(to('fd71::'))?.multipath?.length === 2);
    const readings = watcher.reasons.length;
    namespace().ip('-6 route del fd71::/64 via fd01::7');
    await watcher.has('one', (routes) => routes.find(to('fd71::'))?.gateway === 'fd01::8');
    expect(watcher.reasons.length).to.equal(readings);
  });

  it('removes the IPv6 route that another one replaces, although an equal one was there', async () => {
    const watcher = watch(client.watch('getroute', { rtmFamily: 10 }));
    await watcher.has('being in sync');
    namespace().ip('-6 route add fd72::/64 dev v0');
    namespace().ip('-6 route append unreachable fd72::/64');
    await watcher.has('both', (routes) => routes.filter(to('fd72::')).length === 2);
    // The kernel replaces the first route to the destination, and then has two that are equal.
    namespace().ip('-6 route replace unreachable fd72::/64');
    const shown = JSON.parse(namespace().ip('-j -d -6 route show fd72::/64')) as { readonly type: string }[];
    expect(shown.map(({ type }) => type)).to.deep.equal(['unreachable', 'unreachable']);
    await watcher.has('no route of v0', (routes) => routes.filter(to('fd72::')).every(({ rtmType }) => rtmType === 'unreachable'));
    expect(watcher.entries!.filter(to('fd72::'))).to.have.length(2);
  });

  it('is empty for a table that does not exist yet', async () => {
    const watcher = watch(client.watch('getroute', { rtmFamily: 2, table: 4242 }));
    expect(await watcher.has('being in sync')).to.deep.equal([]);
    namespace().ip('route add 10.80.0.0/24 dev v0 table 4242');
    await watcher.has('its route', (routes) => routes.length === 1 && routes.every(to('10.80.0.0')));
  });
});
