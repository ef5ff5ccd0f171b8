import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { rtAddr } from '../../../lib/families/rt-addr.js';
import { rtLink } from '../../../lib/families/rt-link.js';
import { rtNeigh } from '../../../lib/families/rt-neigh.js';
import { rtRoute } from '../../../lib/families/rt-route.js';
import { tc } from '../../../lib/families/tc.js';
import { useNamespace } from '../../support/namespace.js';

/** A row of `ip -j`; the properties depend on the listed table. */
type Listed = Readonly<Record<string, unknown>>;

describe('dumps with a filter', function () {
  this.timeout(20_000);
  const namespace = useNamespace();
  const lines = (line: string): Listed[] => JSON.parse(namespace().run('ip', '-j', ...line.split(' '))) as Listed[];

  before(() => {
    for (const line of [
      'link add br0 type bridge',
      'link add v0 type veth peer name v1',
      'link set v0 master br0',
      'addr add 192.0.2.1/24 dev v1',
      'addr add 198.51.100.1/24 dev br0',
      'link set br0 up',
      'link set v0 up',
      'link set v1 up',
      'route add 203.0.113.0/24 via 192.0.2.9 dev v1 table 77',
      'route add blackhole 203.0.113.128/25',
      'neigh add 192.0.2.7 lladdr 02:00:00:00:00:07 dev v1',
      'neigh add 198.51.100.7 lladdr 02:00:00:00:00:08 dev br0',
    ])
      namespace().ip(line);
  });

  for (const strictCheck of [false, true]) {
    const options = () => ({ netns: namespace().path, strictCheck });
    const indexOf = (name: string): number => lines('link').find(({ ifname }) => ifname === name)!['ifindex'] as number;

    it(`lists links by master and kind, with strictCheck ${String(strictCheck)}`, async () => {
      using client = rtLink(options());
      const bridge = indexOf('br0');
      expect((await lastValueFrom(client.list('getlink', { master: bridge }))).map(({ ifname }) => ifname)).to.deep.equal(['v0']);
      const pairs = await lastValueFrom(client.list('getlink', { linkinfo: { kind: 'veth' } }, { pick: ['ifname'] }));
      expect(pairs.map(({ ifname }) => ifname).sort()).to.deep.equal(['v0', 'v1']);
    });

    it(`lists routes by table, type and interface, with strictCheck ${String(strictCheck)}`, async () => {
      using client = rtRoute(options());
      const inTable = await lastValueFrom(client.list('getroute', { rtmFamily: 2, table: 77 }));
      expect(inTable.map(({ dst }) => dst)).to.deep.equal(['203.0.113.0']);
      const blackholes = await lastValueFrom(client.list('getroute', { rtmFamily: 2, rtmType: 'blackhole' }));
      expect(blackholes.map(({ dst }) => dst)).to.deep.equal(['203.0.113.128']);
      const leaving = await lastValueFrom(client.list('getroute', { rtmFamily: 2, oif: indexOf('v1') }));
      const listed = lines('-4 route show table all dev v1');
      expect(leaving.length).to.equal(listed.length).and.to.be.at.least(3);
    });

    it(`lists addresses and neighbours by interface, with strictCheck ${String(strictCheck)}`, async () => {
      const index = indexOf('v1');
      using addresses = rtAddr(options());
      const rows = await lastValueFrom(addresses.list('getaddr', { ifaFamily: 2, ifaIndex: index }));
      expect(rows.map(({ address }) => address)).to.deep.equal(['192.0.2.1']);
      using neighbours = rtNeigh(options());
      const near = await lastValueFrom(neighbours.list('getneigh', { ndmFamily: 2, ifindex: index }));
      expect(near.map(({ dst }) => dst)).to.deep.equal(['192.0.2.7']);
    });

    it(`lists the qdiscs of one interface, which the kernel does not filter, with strictCheck ${String(strictCheck)}`, async () => {
      using client = tc(options());
      const index = indexOf('v1');
      const all = await lastValueFrom(client.list('getqdisc'));
      const own = await lastValueFrom(client.list('getqdisc', { ifindex: index }));
      expect(own).to.deep.equal(all.filter(({ ifindex }) => ifindex === index));
      expect(all.length).to.be.above(own.length);
    });
  }
});
