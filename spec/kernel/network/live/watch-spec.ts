import { expect } from 'chai';
import { firstValueFrom, pairwise, Subscription, type Observable } from 'rxjs';
import type { LiveChange } from '../../../../lib/index.js';
import type { Address } from '../../../../lib/network/addresses/address.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { PATIENCE } from '../../../support/patience.js';
import { useNamespace } from '../../../support/namespace.js';
import { eventually, failure, one, renameUp, shown } from '../support.js';

/** Time for events that are on their way. */
const PAUSE = 100;

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE * PATIENCE));

describe('watch of network()', () => {
  const namespace = useNamespace();
  let net: Network;
  let subscriptions: Subscription;

  beforeEach(() => {
    net = network({ netns: namespace().path });
    subscriptions = new Subscription();
  });
  afterEach(() => {
    subscriptions.unsubscribe();
    net.close();
    const links = shown<{ readonly ifname: string }>(namespace(), 'ip -j link').filter(({ ifname }) => !['lo', 'v1'].includes(ifname));
    namespace().batch(links.map(({ ifname }) => `link delete ${ifname}`));
  });

  async function follow(filter?: Parameters<Network['addresses']['watch']>[0]): Promise<LiveChange<Address>[]> {
    const changes: LiveChange<Address>[] = [];
    const stream = net.addresses.watch(filter);
    subscriptions.add(stream.subscribe((change) => changes.push(change)));
    await firstValueFrom(stream);
    return changes;
  }

  it('emits addresses with the names of their links, as they come and go', async () => {
    const changes = await follow({ family: 4 });
    namespace().batch(['link add v0 type ifb', 'link set v0 up', 'addr add 10.0.0.1/24 dev v0', 'addr add fd00::1/64 dev v0 nodad']);
    namespace().ip('addr change 10.0.0.1/24 dev v0 metric 9');
    namespace().ip('addr delete 10.0.0.1/24 dev v0');
    await eventually(() => changes.length >= 4);
    expect(changes.map(({ type }) => type)).to.deep.equal(['synced', 'added', 'changed', 'removed']);
    const [, added, changed, removed] = changes as [unknown, ...Extract<LiveChange<Address>, { value: Address }>[]];
    expect(added!.value).to.deep.include({ link: 'v0', address: '10.0.0.1/24', scope: 'global' });
    expect(changed).to.deep.include({ properties: ['metric'] });
    expect(removed!.value.address).to.equal('10.0.0.1/24');
  });

  it('changes the addresses of a link that gets another name', async () => {
    namespace().batch(['link add v0 type veth peer v1', 'link set v0 up', 'addr add 10.0.0.1/24 dev v0']);
    const changes = await follow({ family: 4 });
    namespace().batch(['link set v0 down', 'link set v0 name renamed']);
    await eventually(() => changes.some((change) => change.type === 'changed' && change.properties.includes('link')));
    const renamed = changes.flatMap((change) => (change.type === 'changed' && change.properties.includes('link') ? [change] : []));
    expect(renamed.map(({ value, previous }) => [previous.link, value.link])).to.deep.equal([['v0', 'renamed']]);
  });

  it('turns an object that ceases to match the filter into removed, and back', async () => {
    namespace().batch(['link add v0 type veth peer v1', 'link set v0 up', 'addr add 10.0.0.1/24 dev v0']);
    const changes = await follow({ link: 'v0', family: 4 });
    namespace().batch(['link set v0 down', 'link set v0 name renamed']);
    await pause();
    namespace().ip('link set renamed name v0');
    await pause();
    // The kernel renames the label of the address after the link.
    const labels = changes.flatMap((change) => (change.type === 'changed' ? change.properties : []));
    expect(changes.map(({ type }) => type).filter((type) => type !== 'changed')).to.deep.equal(['synced', 'removed', 'added']);
    expect(labels).to.deep.equal(['label']);
  });

  it('waits for a link that does not exist yet', async () => {
    const changes = await follow({ link: 'v0' });
    namespace().batch(['link add v0 type ifb', 'addr add 10.0.0.1/24 dev v0']);
    await pause();
    expect(changes.map(({ type }) => type)).to.deep.equal(['synced', 'added']);
  });

  it('never emits an address before its link, and equals list() at rest, under churn', async () => {
    const early: string[] = [];
    const present = new Map<string, Address>();
    subscriptions.add(
      net.addresses.watch().subscribe((change) => {
        const objects = change.type === 'synced' ? change.entries : [change.value];
        if (change.type === 'synced') present.clear();
        for (const object of objects) {
          if (object.link === '') early.push(object.address);
          if (change.type === 'removed') present.delete(`${object.linkIndex} ${object.address}`);
          else present.set(`${object.linkIndex} ${object.address}`, object);
        }
      }),
    );
    for (let round = 0; round < 2; round++) {
      const names = Array.from({ length: 60 }, (_, index) => `c${round}x${index}`);
      namespace().batch(
        names.flatMap((name, index) => [
          `link add ${name} type ifb`,
          `addr add 10.${round}.${index}.1/24 dev ${name}`,
          `link set ${name} up`,
        ]),
      );
      namespace().batch(names.filter((_, index) => index % 3 !== 0).map((name) => `link delete ${name}`));
    }
    const listed = await one(net.addresses.list());
    await eventually(() => present.size === listed.length);
    expect(early).to.deep.equal([]);
    expect([...present.values()]).to.have.deep.members([...listed]);
    expect(listed.length).to.be.at.least(41);
  });

  it('emits views of several tables that never change again, at most one a wake-up', async () => {
    namespace().batch(['link add v0 type veth peer v1', 'link set v0 up', 'link set v1 up']);
    const sizes: (readonly [number, number])[] = [];
    const view = net.view({ addresses: { family: 4 }, neighbours: { link: 'v0' } });
    subscriptions.add(view.pipe(pairwise()).subscribe(([before, now]) => sizes.push([before.addresses.size, now.addresses.size])));
    const first = await firstValueFrom(view);
    expect([first.version, first.reason, [...first.addresses.keys()]]).to.deep.equal([1, 'initial', ['127.0.0.1/8 on lo']]);
    namespace().batch(Array.from({ length: 200 }, (_, index) => `addr add 10.0.${index}.1/24 dev v0`));
    namespace().ip('neigh add 10.0.0.9 lladdr 02:00:00:00:00:01 dev v0');
    await eventually(() => sizes.at(-1)?.[1] === 201);
    await pause();
    const last = await firstValueFrom(view);
    expect([last.addresses.size, last.neighbours.get('10.0.0.9 on v0')?.state]).to.deep.equal([201, 'permanent']);
    expect(first.addresses.size).to.equal(1);
    expect(sizes[0]![0]).to.equal(1);
    for (const [index, [before]] of sizes.entries()) if (index > 0) expect(before).to.equal(sizes[index - 1]![1]);
    expect(() => net.view({ adresses: true } as never)).to.throw(TypeError, "unknown option 'adresses'");
    expect(() => net.view({})).to.throw(TypeError, 'no table');
  });

  it('removes an object of which only volatile properties have changed before', async () => {
    namespace().batch(['link add v0 type ifb', 'link set v0 up', 'addr add 10.0.0.1/24 dev v0']);
    const changes = await follow({ family: 4 });
    // Lifetimes change without an emission.
    namespace().ip('addr change 10.0.0.1/24 dev v0 valid_lft 1000 preferred_lft 1000');
    namespace().ip('addr change 10.0.0.1/24 dev v0 valid_lft 2000 preferred_lft 2000 metric 9');
    namespace().ip('addr change 10.0.0.1/24 dev v0 valid_lft 3000 preferred_lft 3000 metric 9');
    namespace().ip('addr delete 10.0.0.1/24 dev v0');
    await eventually(() => changes.some(({ type }) => type === 'removed'));
    await pause();
    const types = changes.map(({ type }) => type);
    expect(types[0]).to.equal('synced');
    expect(types.filter((type) => type === 'added')).to.deep.equal([]);
    expect(types.filter((type) => type === 'removed')).to.deep.equal(['removed']);
  });

  it('moves a renamed link to its new key in a view, and removes it with its last name', async () => {
    namespace().batch(['link add v0 type ifb', 'link set v0 alias one', 'link set v0 alias two']);
    const view = net.view({ links: { kind: 'ifb' } });
    const keys: string[][] = [];
    subscriptions.add(view.subscribe(({ links }) => keys.push([...links.keys()])));
    await eventually(() => keys.length > 0);
    namespace().ip('link set v0 name renamed');
    await eventually(() => keys.at(-1)?.includes('renamed') === true);
    expect(keys.at(-1)).to.deep.equal(['renamed']);
    namespace().ip('link delete renamed');
    await eventually(() => keys.at(-1)?.length === 0);
    namespace().ip('link add v0 type ifb');
    await eventually(() => keys.at(-1)?.length === 1);
    expect(keys.at(-1)).to.deep.equal(['v0']);
    for (const each of keys) expect(each.length).to.be.below(2);
  });

  it('renames the objects of every table of a view with their link', async () => {
    namespace().batch(['link add v0 type ifb', 'link set v0 up', 'addr add 10.0.0.1/24 dev v0', 'route add 10.9.0.0/16 dev v0']);
    const keys: (readonly string[])[] = [];
    const view = net.view({ links: { kind: 'ifb' }, addresses: { scope: 'global' }, routes: { protocol: 'boot' } });
    subscriptions.add(
      view.subscribe(({ links, addresses, routes }) =>
        keys.push([...links.keys(), ...[...addresses.values(), ...routes.values()].map(({ link }) => String(link))]),
      ),
    );
    await eventually(() => keys.at(-1)?.join(' ') === 'v0 v0 v0');
    renameUp(namespace(), 'v0', 'w0');
    await eventually(() => keys.at(-1)?.join(' ') === 'w0 w0 w0');
    expect(keys.every((each) => new Set(each).size === 1)).to.equal(true);
  });

  it('removes objects with the same words from a view, one after the other', async () => {
    namespace().batch(['link add v0 type ifb', 'link set v0 up']);
    const sizes: number[] = [];
    subscriptions.add(net.view({ routes: { link: 'v0', family: 4 } }).subscribe(({ routes }) => sizes.push(routes.size)));
    await eventually(() => sizes.length > 0);
    namespace().batch([
      'route add 10.9.0.0/16 dev v0',
      'route append 10.9.0.0/16 dev v0 proto bgp',
      'route add 10.9.0.0/16 dev v0 metric 1024',
    ]);
    await eventually(() => sizes.at(-1) === 3);
    namespace().batch([
      'route delete 10.9.0.0/16 dev v0 metric 0',
      'route delete 10.9.0.0/16 dev v0 metric 1024',
      'route delete 10.9.0.0/16 dev v0',
    ]);
    await eventually(() => sizes.at(-1) === 0);
  });

  it('accepts the alternative name of a link in filters', async () => {
    namespace().batch([
      'link add br0 type bridge',
      'link property add dev br0 altname lan',
      'link set br0 up',
      'addr add 10.0.0.1/24 dev br0',
    ]);
    namespace().batch(['link add v0 type ifb', 'link set v0 master br0']);
    const found = async (stream: Observable<LiveChange<object>>): Promise<number> => {
      const first = await firstValueFrom(stream);
      return first.type === 'synced' ? first.entries.length : -1;
    };
    expect(await one(net.links.list({ name: 'lan' }))).to.have.length(1);
    expect(await found(net.links.watch({ name: 'lan', with: 'addresses' }))).to.equal(1);
    expect(await found(net.links.watch({ master: 'lan' }))).to.equal(1);
    expect(await found(net.addresses.watch({ link: 'lan', family: 4 }))).to.equal(1);
    const { addresses } = await firstValueFrom(net.view({ addresses: { link: 'lan', family: 4 } }));
    expect([...addresses.keys()]).to.deep.equal(['10.0.0.1/24 on br0']);
  });

  it('refuses to watch what the kernel does not report', async () => {
    const error = await failure(net.neighbours.watch({ proxy: true }), 'unsupported');
    expect(error.message).to.equal('cannot watch neighbours: proxy: the kernel sends no events for proxy entries; list() reads them');
  });
});
