import { expect } from 'chai';
import { firstValueFrom, Subscription } from 'rxjs';
import type { LiveChange } from '../../../../lib/index.js';
import type { Link, LinkFilter, LinkParts } from '../../../../lib/network/links/link.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { useNamespace } from '../../../support/namespace.js';
import { eventually, one, shown } from '../support.js';

type Joined = Link & Pick<LinkParts, 'addresses'>;

describe("network().links.watch({ with: 'addresses' })", () => {
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
    const links = shown<{ readonly ifname: string }>(namespace(), 'ip -j link').filter(({ ifname }) => ifname !== 'lo');
    namespace().batch(links.map(({ ifname }) => `link delete ${ifname}`));
  });

  async function follow(filter: LinkFilter = {}): Promise<LiveChange<Joined>[]> {
    const changes: LiveChange<Joined>[] = [];
    const stream = net.links.watch({ ...filter, with: 'addresses' });
    subscriptions.add(stream.subscribe((change) => changes.push(change)));
    await firstValueFrom(stream);
    return changes;
  }

  /** Returns the changes of one property; a link changes in other ways too while it comes up. */
  const changesOf = (changes: readonly LiveChange<Joined>[], property: 'addresses' | 'name') =>
    changes.flatMap((change) => (change.type === 'changed' && change.properties.includes(property) ? [change] : []));
  const texts = ({ addresses }: Joined): string[] => addresses.map(({ address }) => address);

  it('emits a change of an address as a change of its link', async () => {
    namespace().batch(['link add v0 type ifb', 'addr add 10.0.0.1/24 dev v0']);
    const changes = await follow();
    const [first] = changes as [Extract<LiveChange<Joined>, { type: 'synced' }>];
    // A kernel with modules of tunnels has their links in each namespace.
    const entries = first.entries.filter(({ name }) => ['lo', 'v0'].includes(name));
    expect(entries.map((link) => [link.name, texts(link)])).to.deep.equal([
      ['lo', ['127.0.0.1/8', '::1/128']],
      ['v0', ['10.0.0.1/24']],
    ]);
    namespace().batch(['addr add 10.0.1.1/24 dev v0', 'addr change 10.0.1.1/24 dev v0 metric 9', 'addr delete 10.0.0.1/24 dev v0']);
    await eventually(() => changesOf(changes, 'addresses').length >= 3);
    expect(changesOf(changes, 'addresses').map(({ previous, value }) => [texts(previous), texts(value)])).to.deep.equal([
      [['10.0.0.1/24'], ['10.0.0.1/24', '10.0.1.1/24']],
      [
        ['10.0.0.1/24', '10.0.1.1/24'],
        ['10.0.0.1/24', '10.0.1.1/24'],
      ],
      [['10.0.0.1/24', '10.0.1.1/24'], ['10.0.1.1/24']],
    ]);
    expect(changesOf(changes, 'addresses')[1]!.value.addresses[1]!.metric).to.equal(9);
    expect(new Set(changesOf(changes, 'addresses').flatMap(({ properties }) => properties))).to.deep.equal(new Set(['addresses']));
  });

  it('keeps a renamed link with its addresses, and removes it with them', async () => {
    namespace().batch(['link add v0 type ifb', 'addr add 10.0.0.1/24 dev v0']);
    const changes = await follow();
    namespace().ip('link set v0 name w0');
    await eventually(() => changesOf(changes, 'name').length === 1);
    const [renamed] = changesOf(changes, 'name');
    expect([renamed!.previous.name, renamed!.value.name]).to.deep.equal(['v0', 'w0']);
    expect(renamed!.value.addresses[0]!.link).to.equal('w0');
    expect(renamed!.properties).to.include('addresses');
    namespace().ip('link delete w0');
    await eventually(() => changes.at(-1)?.type === 'removed');
    expect(changes.filter(({ type }) => type === 'added' || type === 'removed')).to.have.length(1);
  });

  it('applies a filter to the links, not to their addresses', async () => {
    namespace().batch(['link add b0 type bridge', 'link add v0 type ifb', 'addr add 10.0.0.1/24 dev v0']);
    const changes = await follow({ master: 'b0' });
    namespace().ip('addr add 10.0.1.1/24 dev v0');
    namespace().ip('link set v0 master b0');
    await eventually(() => changes.some(({ type }) => type === 'added'));
    namespace().ip('addr delete 10.0.0.1/24 dev v0');
    namespace().ip('link set v0 nomaster');
    await eventually(() => changes.some(({ type }) => type === 'removed'));
    const [synced, added] = changes as [Extract<LiveChange<Joined>, { type: 'synced' }>, Extract<LiveChange<Joined>, { type: 'added' }>];
    expect(synced.entries).to.deep.equal([]);
    expect([added.type, added.value.name, texts(added.value)]).to.deep.equal(['added', 'v0', ['10.0.0.1/24', '10.0.1.1/24']]);
    expect(changesOf(changes, 'addresses').map(({ value }) => texts(value))).to.deep.equal([['10.0.1.1/24']]);
  });

  it('never emits an address before its link, and equals list() at rest, under churn', async () => {
    const present = new Map<number, Joined>();
    const wrong: string[] = [];
    const check = ({ index, name, addresses }: Joined): void => {
      for (const { linkIndex, link, address } of addresses) if (linkIndex !== index || link !== name) wrong.push(`${address} on ${name}`);
    };
    subscriptions.add(
      net.links.watch({ with: 'addresses' }).subscribe((change) => {
        const entries = change.type === 'synced' ? change.entries : [change.value];
        if (change.type === 'synced') present.clear();
        entries.forEach(check);
        if (change.type === 'removed') present.delete(change.value.index);
        else for (const link of entries) present.set(link.index, link);
      }),
    );
    for (let round = 0; round < 2; round++) {
      const names = Array.from({ length: 20 }, (_, index) => `c${round}x${index}`);
      namespace().batch(names.flatMap((name, index) => [`link add ${name} type ifb`, `addr add 10.${round}.${index}.1/24 dev ${name}`]));
      namespace().batch(names.flatMap((name, index) => [`link set ${name} up`, `addr add 10.${round}.${index}.2/24 dev ${name}`]));
      // Linux before 6.2 renames no link that is up.
      const rename = (name: string): string[] => [`link set ${name} down`, `link set ${name} name r${name}`];
      namespace().batch(names.flatMap((name, index) => (index % 3 === 0 ? rename(name) : [`link delete ${name}`])));
    }
    const listed = await one(net.links.list({ with: 'addresses' }));
    const summary = (links: Iterable<Joined>): string[] =>
      [...links].map((link) => `${link.index} ${link.name} ${String(link.up)} ${texts(link).sort().join(' ')}`).sort();
    await eventually(() => summary(present.values()).join() === summary(listed).join());
    expect(wrong).to.deep.equal([]);
    expect(listed.filter(({ addresses }) => addresses.length === 2).length).to.be.at.least(14);
  });

  it('rejects parts that the kernel sends no events for', () => {
    expect(() => net.links.watch({ with: 'statistics' } as never)).to.throw(TypeError, "watch: with: 'statistics' cannot be watched");
    expect(() => net.links.watch({ with: 'adresses' } as never)).to.throw(TypeError, "'adresses' is not a part");
  });
});
