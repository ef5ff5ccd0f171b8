import { expect } from 'chai';
import { firstValueFrom, Subscription } from 'rxjs';
import { PATIENCE } from '../../../support/patience.js';
import { failure, one, shown } from '../support.js';
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

  it('emits the classes of all links, and their filters at all places', async () => {
    const { net, namespace, tc } = traffic();
    namespace.batch(['link add v6 type ifb', 'link set v6 up']);
    const classes: string[] = [];
    const filters: string[] = [];
    let view: ReadonlyMap<string, unknown> | undefined;
    subscriptions.add(
      net.classes.watch().subscribe((change) => {
        if (change.type !== 'synced') classes.push(`${change.type} ${change.value.handle} on ${change.value.link}`);
      }),
    );
    subscriptions.add(
      net.filters.watch().subscribe((change) => {
        if (change.type !== 'synced') filters.push(`${change.type} ${change.value.kind} on ${change.value.link} ${change.value.parent}`);
      }),
    );
    subscriptions.add(net.view({ classes: true, filters: { link: 'v6' } }).subscribe((next) => (view = next.filters)));
    await until(() => view !== undefined);
    for (const link of ['v0', 'v6']) {
      tc(`qdisc add dev ${link} root handle 1: htb`);
      tc(`class add dev ${link} parent 1: classid 1:1 htb rate 2mbit`);
      tc(`class add dev ${link} parent 1:1 classid 1:10 htb rate 1mbit`);
      tc(`filter add dev ${link} parent 1: prio 1 protocol ip u32 match ip dst 10.0.0.9/32 classid 1:10`);
      tc(`filter add dev ${link} parent 1:1 prio 2 protocol ip u32 match ip dst 10.0.0.8/32 classid 1:10`);
    }
    tc('qdisc add dev v6 clsact');
    tc('filter add dev v6 egress prio 5 protocol ip u32 match ip dst 10.0.0.7/32 classid 1:10');
    await until(() => filters.length >= 5 && view!.size === 3);
    expect([...new Set(classes)].filter((each) => each.startsWith('added'))).to.have.members(
      ['v0', 'v6'].flatMap((link) => [`added 1:1 on ${link}`, `added 1:10 on ${link}`]),
    );
    const places = ['v0 1:', 'v0 1:1', 'v6 1:', 'v6 1:1', 'v6 egress'];
    expect(filters).to.have.members(places.map((place) => `added u32 on ${place}`));
    expect([...view!.keys()].map((name) => name.replace(/ [0-9a-f]+:(?:[0-9a-f]*:)?[0-9a-f]+(?= on)/, ''))).to.have.members([
      'u32 priority 1 ip on v6 1:',
      'u32 priority 2 ip on v6 1:1',
      'u32 priority 5 ip on v6 egress',
    ]);
    filters.length = 0;
    namespace.ip('link delete v6');
    tc('qdisc delete dev v0 root');
    await until(() => filters.length >= 5 && view!.size === 0);
    expect(filters).to.have.members(places.map((place) => `removed u32 on ${place}`));
    expect(await one(net.filters.list())).to.deep.equal([]);
  });

  for (const parent of ['ingress', 'ffff:'] as const) {
    it(`keeps filters of the parent ${parent} that a program changes by the handle of the qdisc`, async () => {
      const { net, namespace, tc } = traffic();
      // No event of these filters causes another dump.
      const write = (verb: string, place: string, priority: number, verdict: number): void => {
        const line = `filter ${verb} dev v0 ${place} prio ${String(priority)} protocol ip handle 1 bpf bytecode`;
        namespace.run('tc', ...line.split(' '), `1,6 0 0 ${String(verdict)},`);
      };
      tc('qdisc add dev v0 ingress');
      write('add', 'ingress', 1, 0);
      const filters = new Map<number, string>();
      const differences: string[] = [];
      subscriptions.add(
        net.filters.watch({ link: 'v0', parent }).subscribe((change) => {
          if (change.type === 'synced') {
            for (const filter of change.entries) filters.set(filter.priority, filter.parent);
          } else {
            const { priority, parent: side } = change.value;
            differences.push(`${change.type} ${priority} ${side}`);
            if (change.type === 'removed') filters.delete(priority);
            else filters.set(priority, side);
          }
        }),
      );
      await until(() => filters.size === 1);
      write('replace', 'parent ffff:', 1, 1);
      write('add', 'parent ffff:', 2, 1);
      await until(() => differences.length >= 2);
      expect(differences).to.deep.equal(['changed 1 ingress', 'added 2 ingress']);
      const judged = shown<{ pref: number; options?: object }>(namespace, 'tc -j filter show dev v0 ingress');
      expect([...filters.keys()]).to.have.members(judged.flatMap(({ pref, options }) => (options === undefined ? [] : [pref])));
      expect((await one(net.filters.list({ link: 'v0', parent }))).map(({ priority }) => priority)).to.have.members([1, 2]);
    });
  }

  it('asks for the handle of a root qdisc whose filters to watch', async () => {
    const error = await failure(traffic().net.filters.watch({ link: 'v0', parent: 'root' }), 'invalid');
    expect(error.message).to.include("parent: filters have the handle of their qdisc; write that instead, such as '1:'");
  });
});
