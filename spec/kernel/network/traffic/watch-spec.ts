import { expect } from 'chai';
import { firstValueFrom, Subscription } from 'rxjs';
import { PATIENCE } from '../../../support/patience.js';
import { failure, one } from '../support.js';
import { useTraffic } from './judge.js';

/** Waits until a condition is true; fails after some seconds. */
async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + 5000 * PATIENCE;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error('the condition did not become true');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('watch of qdiscs and classes', () => {
  const traffic = useTraffic();
  let subscriptions: Subscription;
  beforeEach(() => (subscriptions = new Subscription()));
  afterEach(() => subscriptions.unsubscribe());

  it('emits qdiscs as they come, change and go, without counters', async () => {
    const { net, tc } = traffic();
    const stream = net.qdiscs.watch({ link: 'v0' });
    const changes: string[] = [];
    let synced: readonly string[] | undefined;
    subscriptions.add(
      stream.subscribe((change) => {
        // The kernel attaches default qdiscs silently: the table is read again.
        if (change.type === 'synced') synced ??= change.entries.map(({ kind }) => kind);
        else if (change.type === 'changed') changes.push(`changed ${change.properties.join()}`);
        else changes.push(`${change.type} ${change.value.parent} ${change.value.kind}`);
      }),
    );
    const first = await firstValueFrom(stream);
    if (first.type === 'synced') expect(first.entries[0]).to.not.have.property('statistics');
    tc('qdisc add dev v0 root handle 1: tbf rate 1mbit burst 10k limit 20k');
    await until(() => changes.length >= 2);
    tc('qdisc change dev v0 root handle 1: tbf rate 2mbit burst 10k limit 20k');
    await until(() => changes.length >= 3);
    tc('qdisc add dev v0 clsact');
    await until(() => changes.length >= 4);
    tc('qdisc delete dev v0 clsact');
    await until(() => changes.length >= 5);
    expect(synced).to.deep.equal(['noqueue']);
    expect(changes).to.deep.equal([
      'removed root noqueue',
      'added root tbf',
      'changed tbf',
      'added clsact clsact',
      'removed clsact clsact',
    ]);
  });

  it('shows qdiscs and links in one view, and the classes of a link', async () => {
    const { net, tc } = traffic();
    const { index } = await one(net.links.get('v0'));
    const view = net.view({ links: true, qdiscs: { link: 'v0' }, classes: { linkIndex: index } });
    let latest: { readonly qdiscs: ReadonlyMap<string, unknown>; readonly classes: ReadonlyMap<string, unknown> } | undefined;
    subscriptions.add(view.subscribe((next) => (latest = next)));
    await until(() => latest !== undefined);
    expect([...latest!.qdiscs.keys()]).to.deep.equal(['root on v0']);
    tc('qdisc add dev v0 root handle 1: htb');
    tc('class add dev v0 parent 1: classid 1:10 htb rate 1mbit');
    tc('qdisc add dev v0 parent 1:10 handle 10: pfifo limit 5');
    await until(() => latest!.qdiscs.size === 2 && latest!.classes.size === 1);
    expect(latest!.qdiscs.get('1:10 on v0')).to.deep.include({ kind: 'pfifo', handle: '10:', pfifo: { limit: 5 } });
    expect(latest!.classes.get('1:10 on v0')).to.deep.include({ kind: 'htb', parent: '1:' });
    tc('qdisc delete dev v0 root');
    await until(() => latest!.qdiscs.size === 1 && latest!.classes.size === 0);
  });

  it('emits the classes of a link that is named, also before it exists', async () => {
    const { net, namespace, tc } = traffic();
    const changes: string[] = [];
    subscriptions.add(
      net.classes.watch({ link: 'v5' }).subscribe((change) => {
        if (change.type === 'synced') changes.push(`synced ${change.entries.length}`);
        else changes.push(`${change.type} ${change.value.handle}`);
      }),
    );
    await until(() => changes.length >= 1);
    namespace.batch(['link add v5 type ifb', 'link set v5 up']);
    await until(() => changes.length >= 2);
    tc('qdisc add dev v5 root handle 1: htb');
    tc('class add dev v5 parent 1: classid 1:10 htb rate 1mbit');
    await until(() => changes.includes('added 1:10'));
    tc('class change dev v5 parent 1: classid 1:10 htb rate 2mbit');
    await until(() => changes.includes('changed 1:10'));
    namespace.ip('link delete v5');
    await until(() => changes.at(-1) === 'synced 0');
    expect(changes.slice(0, 2)).to.deep.equal(['synced 0', 'synced 0']);
  });

  it('asks for the link whose classes to watch', async () => {
    const error = await failure(traffic().net.classes.watch(), 'invalid');
    expect(error.message).to.equal(
      'cannot watch classes: link: is required: the kernel lists the classes of one link only; a view needs its linkIndex',
    );
  });
});
