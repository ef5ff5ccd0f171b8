import { expect } from 'chai';
import { lastValueFrom, tap } from 'rxjs';
import { isApplyError, type ApplyError } from '../../../../../lib/network/index.js';
import { createNamespace, type Namespace } from '../../../../support/namespace.js';
import { network } from '../../../../../lib/network/index.js';
import { eventually, one, shown } from '../../support.js';
import { useScene } from '../support.js';

/** A route that the kernel rejects after the links have been changed. */
const FAILING = [{ to: '203.0.113.0/24', via: '203.0.113.1' }];

describe('network().apply after a failure: what the kernel derives from other links', () => {
  let namespace: Namespace;
  before(() => {
    namespace = createNamespace();
    namespace.batch([
      'link add v0 type veth peer name v1',
      'link add br0 type bridge',
      'link set v1 master br0',
      'link set v0 up',
      'addr add fd01::1/64 dev v0 nodad',
    ]);
  });
  after(() => {
    namespace.delete();
  });

  for (const [name, change] of [
    ['v0', { mtu: 1350 }],
    // IPv6 needs 1280: the link loses it, and with it the settings of IPv6.
    ['v0', { mtu: 1200 }],
    ['v0', { mac: '02:00:00:00:00:77' }],
    ['br0', { mtu: 1300 }],
    ['br0', { mac: '02:00:00:00:00:78' }],
  ] as const)
    it(`takes back ${Object.entries(change)[0]!.join(' ')} of ${name} if the document changes nothing else`, async () => {
      using net = network({ netns: namespace.path });
      const state = (): unknown => JSON.parse(namespace.ip('-j addr'));
      const before = state();
      const error: unknown = await one(net.apply({ version: 1, links: [{ name, ...change }], routes: FAILING })).catch(
        (reason: unknown) => reason,
      );
      if (!isApplyError(error)) throw error;
      expect(state()).to.deep.equal(before);
      expect({ undone: error.undone, left: error.left }).to.deep.equal({ undone: true, left: [] });
    });
});

describe('network().apply after a failure: addresses that the kernel adds with a carrier', () => {
  const scene = useScene();

  for (const [title, prepare, links, above] of [
    ['a bridge with its first port', [], [{ name: 'v0', master: 'br1', up: true }], 'br1'],
    ['a bridge whose port goes up', ['link set v0 master br1'], [{ name: 'v0', up: true }], 'br1'],
    ['the other end of a pair', [], [{ name: 'v0', up: true }], 'v1'],
  ] as const)
    it(`removes the address that the kernel gives to ${title}`, async () => {
      const { namespace, net } = scene();
      namespace.batch(['link add v0 type veth peer name v1', 'link add br1 type bridge', ...prepare]);
      for (const name of ['br1', 'v1']) namespace.batch([`link set ${name} addrgenmode eui64`, `link set ${name} up`]);
      const state = (): unknown =>
        shown<{ readonly ifname: string; readonly addr_info: unknown }>(namespace, 'ip -j addr').map((link) => [
          link.ifname,
          link.addr_info,
        ]);
      // A new bridge is up before it has a port, and gets an address that goes with the carrier.
      await eventually(() => namespace.ip('-6 addr show dev br1 tentative') === '');
      const before = state();
      const written: string[] = [];
      // The kernel adds the address when the port forwards, and tests it for duplicates.
      const addresses = [{ address: 'fd02::1/64' }];
      const routes = [{ to: 'fd09::/64', via: 'fd02::9', source: 'fd02::1' }, ...FAILING];
      const error: unknown = await lastValueFrom(
        net.applyWithProgress({ version: 1, links: [...links, { name: above, addresses }], routes }).pipe(
          tap((event) => {
            if (event.type === 'undoing') written.push(namespace.ip(`-6 addr show dev ${above} scope link`));
          }),
        ),
      ).catch((reason: unknown) => reason);
      if (!isApplyError(error)) throw error;
      // Otherwise the spec shows nothing.
      expect(written.join('')).to.contain('fe80::');
      expect(state()).to.deep.equal(before);
      expect({ undone: error.undone, left: error.left }).to.deep.equal({ undone: true, left: [] });
    });
});

describe('network().apply after a failure: neighbours without ARP', () => {
  const scene = useScene();

  /** Fails to apply a document behind a change of `v0`; returns the error. */
  async function fail(change: { readonly up?: true; readonly mtu?: number }, onUndoing: () => void): Promise<ApplyError> {
    const document = { version: 1, links: [{ name: 'v0', ...change }], routes: FAILING } as const;
    const run = scene()
      .net.applyWithProgress(document)
      .pipe(
        tap(({ type }) => {
          if (type === 'undoing') onUndoing();
        }),
      );
    const error: unknown = await lastValueFrom(run).catch((reason: unknown) => reason);
    if (!isApplyError(error)) throw error;
    return error;
  }

  beforeEach(() => {
    scene().namespace.batch(['link add v0 type veth peer name v1', 'link add br1 type bridge', 'link set v0 master br1']);
    scene().namespace.batch(['link set br1 up', 'link set v1 up', 'addr add 192.0.2.1/24 dev br1']);
  });

  it('writes back an entry that the kernel deletes behind the carrier', async () => {
    const { namespace } = scene();
    // The kernel handles a changed carrier when a link is read, at the latest a second later.
    const handleCarriers = (): void => {
      for (const name of ['v1', 'br1']) namespace.ip(`link show dev ${name}`);
    };
    handleCarriers();
    namespace.batch(['neigh add 192.0.2.7 lladdr 02:00:00:00:00:07 nud noarp dev br1']);
    const error = await fail({ up: true }, handleCarriers);
    handleCarriers();
    expect(namespace.ip('neigh show 192.0.2.7 nud noarp dev br1')).to.contain('02:00:00:00:00:07');
    expect({ undone: error.undone, left: error.left }).to.deep.equal({ undone: true, left: [] });
  });

  it('leaves the entry of a multicast group to the kernel', async () => {
    const { namespace } = scene();
    namespace.batch(['neigh add 239.1.2.3 lladdr 01:00:5e:01:02:03 nud noarp dev br1']);
    const error = await fail({ mtu: 1400 }, () => void namespace.ip('neigh flush to 239.1.2.3 dev br1 nud noarp'));
    expect(namespace.ip('neigh show 239.1.2.3 nud noarp dev br1')).to.equal('');
    expect({ undone: error.undone, left: error.left }).to.deep.equal({ undone: true, left: [] });
  });
});
