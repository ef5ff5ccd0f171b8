import { expect } from 'chai';
import { firstValueFrom, skip, Subscription } from 'rxjs';
import { network, type Network } from '../../../../lib/network/network.js';
import { useNamespace } from '../../../support/namespace.js';
import { eventually, one, onSend } from '../support.js';

/** RTM_GETLINK, RTM_GETADDR and RTM_GETROUTE. */
const [LINKS, ADDRESSES, ROUTES] = [18, 22, 26];

describe('subscriptions of network()', () => {
  const namespace = useNamespace();
  let net: Network;
  let subscriptions: Subscription;
  let dumps: number[];
  let end: () => void;

  beforeEach(() => {
    net = network({ netns: namespace().path });
    subscriptions = new Subscription();
    dumps = [];
    end = onSend(({ type, isDump }) => {
      if (isDump) dumps.push(type);
    });
  });
  afterEach(() => {
    end();
    subscriptions.unsubscribe();
    net.close();
  });

  /** Returns the number of netlink sockets in the namespace that are members of multicast groups. */
  const eventSockets = (): number =>
    namespace()
      .run('cat', '/proc/net/netlink')
      .split('\n')
      .filter((line) => /^\S+\s+0\s+\d+\s+(?!0{8})[0-9a-f]{8}\b/.test(line)).length;

  it('share one reading and one event socket if their tables are equal, whichever verbs watch them', async () => {
    const seen: Record<string, number> = {};
    const count = (name: string) => () => (seen[name] = (seen[name] ?? 0) + 1);
    subscriptions.add(net.addresses.watch().subscribe(count('watch')));
    subscriptions.add(net.addresses.watch({ link: 'lo' }).subscribe(count('filtered')));
    subscriptions.add(net.view({ addresses: true }).subscribe(count('view')));
    subscriptions.add(net.view({ links: { kind: null }, addresses: true }).subscribe(count('wide')));
    subscriptions.add(net.links.watch({ with: 'addresses' }).subscribe(count('joined')));
    await eventually(() => Object.keys(seen).length === 5);
    expect(dumps).to.deep.equal([LINKS, ADDRESSES]);
    expect(eventSockets()).to.equal(1);
    namespace().ip('addr add 127.0.0.2/8 dev lo');
    await eventually(() => Object.values(seen).every((times) => times === 2));
    namespace().ip('addr del 127.0.0.2/8 dev lo');
    expect(dumps).to.deep.equal([LINKS, ADDRESSES]);
  });

  it('send the present state to a late subscriber at once', async () => {
    const view = net.view({ routes: true });
    subscriptions.add(view.subscribe());
    await firstValueFrom(view);
    let version = 0;
    subscriptions.add(net.view({ routes: { family: 4 } }).subscribe());
    subscriptions.add(net.view({ routes: true }).subscribe((state) => (version = state.version)));
    expect(version).to.equal(1);
    await firstValueFrom(net.view({ routes: { family: 4 } }));
    // The kernel selects the routes of a family: another request.
    expect(dumps).to.deep.equal([LINKS, ROUTES, LINKS, ROUTES]);
  });

  it('end with the last subscriber, and start anew with the next one', async () => {
    const stream = net.addresses.watch();
    const [first, second] = [stream.subscribe(), stream.subscribe()];
    await firstValueFrom(stream);
    first.unsubscribe();
    expect(eventSockets()).to.equal(1);
    second.unsubscribe();
    await eventually(() => eventSockets() === 0);
    expect((await firstValueFrom(stream)).type).to.equal('synced');
    expect(dumps).to.deep.equal([LINKS, ADDRESSES, LINKS, ADDRESSES]);
  });

  it('of links with their addresses and of addresses are consistent with each other', async () => {
    const joined = firstValueFrom(net.links.watch({ with: 'addresses' }).pipe(skip(1)));
    await firstValueFrom(net.addresses.watch());
    await one(net.addresses.ensure({ link: 'lo', address: '127.0.0.9/8' }));
    const change = await joined;
    expect(change.type).to.equal('changed');
    await one(net.addresses.delete({ link: 'lo', address: '127.0.0.9/8' }));
  });
});
