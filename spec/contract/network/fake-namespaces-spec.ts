import { expect } from 'chai';
import { lastValueFrom, type Observable } from 'rxjs';
import { network } from '../../../lib/network/network.js';
import { fakeNetwork } from '../../../lib/testing/index.js';
import { eventually, outcome } from './world.js';

const one = <T>(verb: Observable<T>): Promise<T> => lastValueFrom(verb);

/** A namespace that exists on every machine: a fake kernel must not find it. */
const REAL = '/proc/self/ns/net';

describe('fakeNetwork({ namespaces })', () => {
  const kernel = fakeNetwork({ namespaces: ['blue', 'red'] });
  const net = network(kernel.options);
  const blue = network({ ...kernel.options, netns: 'blue' });
  const red = network({ ...kernel.options, netns: '/run/netns/red' });
  after(() => [net, blue, red].forEach((each) => each.close()));

  const namesIn = async (each: typeof net): Promise<readonly string[]> => (await one(each.links.list())).map(({ name }) => name);

  it('has tables of its own in each namespace, with a loopback that is down', async () => {
    expect((await one(blue.links.list())).map(({ name, up }) => [name, up])).to.deep.equal([['lo', false]]);
    await one(blue.links.change('lo', { up: true }));
    await one(blue.addresses.add({ link: 'lo', address: '10.0.0.1/32' }));
    expect((await one(blue.addresses.list({ family: 4 }))).map(({ address }) => address)).to.deep.equal(['127.0.0.1/8', '10.0.0.1/32']);
    expect((await one(net.addresses.list({ family: 4 }))).map(({ address }) => address)).to.deep.equal(['127.0.0.1/8']);
    expect(await one(red.addresses.list())).to.deep.equal([]);
  });

  it('notifies the programs of the namespace only', async () => {
    const seen: string[] = [];
    const follow = (name: string, each: typeof net) => each.links.watch().subscribe(({ type }) => seen.push(`${name} ${type}`));
    const subscriptions = [follow('process', net), follow('blue', blue), follow('red', red)];
    await eventually(() => seen.length === 3, 'all are synced');
    await one(blue.links.add({ name: 'b0', kind: 'bridge' }));
    await eventually(() => seen.length > 3, 'a change');
    await one(red.links.list());
    for (const subscription of subscriptions) subscription.unsubscribe();
    expect(seen.filter((text) => !text.endsWith('synced'))).to.deep.equal(['blue added']);
    await one(blue.links.delete('b0'));
  });

  it('creates a link in another namespace', async () => {
    expect((await one(net.links.add({ name: 'r0', kind: 'bridge', netns: 'red', up: true }))).name).to.equal('r0');
    expect(await namesIn(red)).to.deep.equal(['lo', 'r0']);
    expect(await namesIn(net)).to.deep.equal(['lo', 'eth0']);
    await one(red.links.delete('r0'));
  });

  it('looks up no namespace of the machine', async () => {
    const text = `the fake network has no network namespace '${REAL}'; there are blue, red (ENOENT)`;
    using other = network({ ...kernel.options, netns: REAL });
    expect(await outcome(other.links.list())).to.equal(`missing: cannot list links: ${text}`);
    const pair = { name: 'v0', kind: 'veth', veth: { peer: { name: 'v1', netns: REAL } } } as const;
    expect(await outcome(net.links.add(pair))).to.equal(`missing: cannot add link v0: ${text}`);
    expect(await outcome(net.links.add({ name: 'b0', kind: 'bridge', netns: REAL }))).to.equal(`missing: cannot add link b0: ${text}`);
    expect(await outcome(net.links.move('eth0', { netns: { pid: process.pid } }))).to.match(
      /^missing: .*\{"pid":\d+\}; there are blue, red/,
    );
    expect(await namesIn(net)).to.deep.equal(['lo', 'eth0']);
    using single = network({ ...fakeNetwork().options, netns: 'blue' });
    expect(await outcome(single.links.list())).to.include("'blue'; create it by fakeNetwork({ namespaces: [...] })");
  });
});
