import { expect } from 'chai';
import type { LiveChange } from '../../../../lib/live/index.js';
import type { FilterSpec, TrafficFilter } from '../../../../lib/network/filters/traffic-filter.js';
import { isNetworkError } from '../../../../lib/network/index.js';
import { until } from '../../../support/sockets.js';
import { skipBecause } from '../../../support/unavailable.js';
import { useFilters } from './filters.js';
import { countWrites, failure, one } from '../support.js';

const MIRROR = { kind: 'mirred', mode: 'mirror', link: 'p1' } as const;
const SPEC: FilterSpec = { link: 'p0', parent: 'ingress', priority: 10, kind: 'u32', match: { 'ip.dst': '10.0.0.0/8' }, actions: [MIRROR] };

describe('network().filters, verbs', () => {
  const filters = useFilters();
  const tc = (line: string): string => filters().namespace.run('tc', ...line.split(' '));

  it('changes actions and the class of u32 in place, and refuses to change its match', async () => {
    const { net, judge, matches } = filters();
    const { object } = await one(net.filters.ensure(SPEC));
    const { changed } = await one(net.filters.ensure({ ...SPEC, actions: [{ ...MIRROR, mode: 'redirect' }], to: '1:5' }));
    expect(changed.map(({ action, changes }) => [action, Object.keys(changes ?? {})])).to.deep.equal([['change', ['actions', 'to']]]);
    const { options } = judge()[0] as { readonly options: { readonly actions: readonly object[] } };
    expect(options).to.include({ flowid: '1:5' });
    expect(options.actions[0]).to.include({ mirred_action: 'redirect', to_dev: 'p1' });
    expect(matches()).to.deep.equal(['match 0a000000/ff000000 at 16']);

    const other = { ...object, match: { 'ip.dst': '10.0.0.0/8', 'tcp.dport': 22 } };
    const error = await failure(net.filters.ensure(other), 'unsupported');
    expect(error.path).to.equal('match');
    await one(net.filters.ensure(other, { recreate: true }));
    expect(matches()).to.have.length(3);
    expect(judge()).to.have.length(1);
  });

  it('compares a match as a whole: an omitted field is a difference', async () => {
    const { net } = filters();
    await one(net.filters.add({ ...SPEC, match: { 'ip.dst': '10.0.0.0/8', 'tcp.dport': 22 } }));
    await failure(net.filters.ensure(SPEC), 'unsupported');
    const { match: _match, ...rest } = SPEC;
    expect(await countWrites(() => one(net.filters.ensure({ ...rest, protocol: 'ip' })))).to.equal(0);
  });

  it('removes the actions', async () => {
    const { net, judge } = filters();
    await one(net.filters.add({ ...SPEC, to: '1:1' }));
    await one(net.filters.change(SPEC, { actions: null }));
    expect(judge()[0]!['options']).to.not.have.property('actions');
    expect((await one(net.filters.get(SPEC))).actions).to.equal(undefined);
  });

  it('distinguishes filters of one priority by their handle, and names all in an ambiguous key', async () => {
    const { net } = filters();
    const first = await one(net.filters.add(SPEC));
    const second = await one(net.filters.add({ ...SPEC, match: { 'ip.dst': '192.0.2.0/24' } }));
    expect([first.handle, second.handle].map(String).sort()).to.deep.equal(['800::800', '800::801']);
    expect(await one(net.filters.get({ link: 'p0', parent: 'ingress', handle: '800::801' }))).to.deep.include({ match: second.match });
    const error = await failure(net.filters.delete({ link: 'p0', parent: 'ingress', priority: 10 }), 'ambiguous');
    expect(error.message).to.include('800::800').and.to.include('800::801');
    // The one that is as wanted is right.
    expect(await countWrites(() => one(net.filters.ensure({ ...SPEC, match: second.match! })))).to.equal(0);
    expect((await one(net.filters.deleteMany([first, second]))).written).to.equal(2);
    expect(await one(net.filters.list({ link: 'p0' }))).to.deep.equal([]);
  });

  it('reads and writes filters of the root qdisc, of a class, and of both sides', async () => {
    const { net, judge } = filters();
    tc('qdisc add dev p0 root handle 1: htb');
    for (const line of ['parent 1: classid 1:1 htb rate 1mbit', 'parent 1:1 classid 1:10 htb rate 1mbit']) tc(`class add dev p0 ${line}`);
    try {
      // The kernel lists the u32 filters of one priority at all places of a qdisc: each place has a priority of its own.
      const spec = { link: 'p0', kind: 'u32', to: '1:10' } as const;
      const places = ['root', '1:1', 'egress', 'ingress'] as const;
      const specs = places.map((parent, index) => ({ ...spec, parent, priority: 10 + index }));
      await one(net.filters.addMany(specs));
      const all = await one(net.filters.list({ link: 'p0' }));
      expect(all.map(({ parent }) => parent).sort()).to.deep.equal(['1:', '1:1', 'egress', 'ingress']);
      for (const place of ['parent 1:', 'parent 1:1', 'egress', 'ingress']) expect(judge(`dev p0 ${place}`), place).to.have.length(1);
      for (const [index, parent] of places.entries()) {
        const found = await one(net.filters.get({ link: 'p0', parent }));
        expect(found).to.include({ parent: parent === 'root' ? '1:' : parent, to: '1:10' });
        expect(await countWrites(() => one(net.filters.ensure(specs[index]!)))).to.equal(0);
      }
      expect((await one(net.filters.list({ link: 'p0', parent: 'root' }))).map(({ priority }) => priority)).to.deep.equal([10]);
      expect((await one(net.filters.list({ parent: 'egress' }))).map(({ priority }) => priority)).to.deep.equal([12]);
      expect(await one(net.filters.get({ link: 'p0', parent: 'ffff:fff3' }))).to.include({ parent: 'egress', priority: 12 });
      expect(await one(net.filters.get({ link: 'p0', parent: 'ffff:' }))).to.include({ parent: 'ingress', priority: 13 });
      await one(net.filters.delete({ link: 'p0', parent: 'root' }));
      expect(judge('dev p0 parent 1:')).to.deep.equal([]);
    } finally {
      tc('qdisc del dev p0 root');
    }
  });

  it('refuses a filter for outgoing packets on the qdisc ingress, which the kernel would run for incoming ones', async () => {
    const { net, judge } = filters();
    tc('qdisc del dev p0 clsact');
    tc('qdisc add dev p0 ingress');
    try {
      const spec = { ...SPEC, parent: 'egress' } as const;
      expect((await failure(net.filters.add(spec), 'invalid')).message).to.include("replace it by 'clsact'");
      await failure(net.filters.ensure(spec), 'invalid');
      const { failed } = await one(net.filters.addMany([spec, SPEC]));
      expect(failed.map(({ index, error }) => [index, error.path])).to.deep.equal([[0, 'parent']]);
      expect(judge()).to.have.length(1);
      expect((await one(net.filters.list({ link: 'p0' }))).map(({ parent }) => parent)).to.deep.equal(['ingress']);
      expect(await one(net.filters.find(spec))).to.equal(undefined);
    } finally {
      tc('qdisc del dev p0 ingress');
      tc('qdisc add dev p0 clsact');
    }
  });

  it('counts the packets of an action as tc does', async () => {
    const { net, namespace } = filters();
    const { match: _match, ...rest } = SPEC;
    await one(net.filters.add({ ...rest, parent: 'egress' }));
    namespace.ip('addr add 10.77.0.1/24 dev p0');
    namespace.run('bash', '-c', 'for i in 1 2 3; do echo x > /dev/udp/10.77.0.9/9; done');
    const [filter] = await one(net.filters.list({ link: 'p0' }));
    const [action] = filter!.actions ?? [];
    const text = tc('-s filter show dev p0 egress');
    const [, bytes, packets] = /Sent (\d+) bytes (\d+) pkt/.exec(text) ?? [];
    expect(Number(action?.statistics?.packets)).to.be.greaterThan(0).and.to.equal(Number(packets));
    expect(Number(action?.statistics?.bytes)).to.equal(Number(bytes));
    expect(JSON.parse(JSON.stringify(filter)) as object).to.have.nested.property('actions[0].statistics.packets', Number(packets));
    expect(await countWrites(() => one(net.filters.ensure(filter!)))).to.equal(0);
    namespace.ip('addr del 10.77.0.1/24 dev p0');
  });

  it('reads the number of an action only if filters share it', async () => {
    const { net } = filters();
    await one(net.filters.add({ ...SPEC, actions: [{ ...MIRROR, index: 77 }] }));
    expect((await one(net.filters.get(SPEC))).actions![0]).to.not.have.property('index');
    const copy = { ...SPEC, priority: 11, actions: [{ ...MIRROR, index: 77 }] };
    await one(net.filters.add(copy));
    for (const priority of [10, 11])
      expect((await one(net.filters.get({ link: 'p0', parent: 'ingress', priority }))).actions![0]).to.include({ index: 77, link: 'p1' });
    expect(await countWrites(() => one(net.filters.ensure(copy)))).to.equal(0);
  });

  it('accepts the alternative name of the target of a packet', async () => {
    const { net } = filters();
    const spec = { ...SPEC, actions: [{ ...MIRROR, link: 'another-name-of-the-link' }] };
    await one(net.filters.ensure(spec));
    expect(await countWrites(() => one(net.filters.ensure(spec)))).to.equal(0);
    expect((await one(net.filters.get(SPEC))).actions![0]).to.include({ link: 'p1' });
  });

  it('writes many filters in few datagrams, and nothing the second time', async () => {
    const { net, judge } = filters();
    const specs = Array.from({ length: 50 }, (_, index): FilterSpec => ({
      ...SPEC,
      priority: index + 1,
      match: { 'ip.dst': `10.${index}.0.0/16` },
    }));
    expect((await one(net.filters.addMany(specs))).written).to.equal(50);
    expect(judge()).to.have.length(50);
    expect(await countWrites(() => one(net.filters.ensureMany(specs)))).to.equal(0);
    expect(await one(net.filters.ensureMany([...specs, { ...SPEC, priority: 99 }]))).to.deep.equal({ written: 1, failed: [] });
    expect((await one(net.filters.deleteMany(specs))).written).to.equal(50);
    expect(judge()).to.have.length(1);
  });

  it('watches the filters of a link that appears later, and follows its changes', async () => {
    const { net, namespace } = filters();
    const changes: LiveChange<TrafficFilter>[] = [];
    const subscription = net.filters.watch({ link: 'p9', parent: 'ingress' }).subscribe((change) => changes.push(change));
    try {
      await until('the first reading', () => changes.length === 1);
      expect(changes[0]).to.deep.include({ type: 'synced', entries: [] });
      namespace.ip('link add p9 type ifb');
      tc('qdisc add dev p9 clsact');
      await until('the reading of the new link', () => changes.length >= 2);
      tc('filter add dev p9 ingress prio 7 protocol ip u32 match ip dst 10.0.0.0/8 action mirred egress mirror dev p1');
      await until('the new filter', () => changes.some(({ type }) => type === 'added'));
      const added = changes.find((change) => change.type === 'added')!;
      expect(added.value).to.deep.include({ link: 'p9', parent: 'ingress', priority: 7, match: { 'ip.dst': '10.0.0.0/8' } });
      expect(added.value.actions).to.deep.equal([{ kind: 'mirred', mode: 'mirror', direction: 'egress', link: 'p1', then: 'pipe' }]);
      tc('filter del dev p9 ingress prio 7');
      await until('the end of the filter', () => changes.some(({ type }) => type === 'removed'));
    } finally {
      subscription.unsubscribe();
    }
  });

  it('names what the kernel lacks', async function () {
    const { net } = filters();
    const matchall = net.filters.add({ link: 'p0', parent: 'ingress', priority: 4, kind: 'matchall', to: '1:1' });
    const error: unknown = await one(matchall).catch((reason: unknown) => reason);
    if (!isNetworkError(error)) skipBecause(this, 'this kernel has all kinds of filters');
    expect([error.reason, error.message]).to.deep.equal(['unsupported', error.message]);
    expect(error.message).to.include('TC classifier not found');
    const drop = net.filters.add({ ...SPEC, actions: ['drop'] });
    expect((await failure(drop, 'unsupported')).message).to.include('Failed to load TC action module');
  });

  it('names the filter and the remedy in each error', async () => {
    const { net } = filters();
    await one(net.filters.add({ ...SPEC, handle: '800::1' }));
    const texts = [
      [net.filters.add({ ...SPEC, handle: '800::1' }), 'exists', 'cannot add filter u32 priority 10'],
      [net.filters.add({ ...SPEC, classid: '1:10' } as never), 'invalid', 'classid: unknown property; did you mean to?'],
      [net.filters.add({ ...SPEC, flowid: '1:10' } as never), 'invalid', 'flowid: unknown property; did you mean to?'],
      [net.filters.add({ ...SPEC, kind: 'flow' }), 'invalid', 'match: kind flow has no fields'],
      [net.filters.add({ ...SPEC, parent: '7:' }), 'unknown-name', "Parent Qdisc doesn't exists"],
      [net.filters.add({ ...SPEC, link: 'p7' }), 'unknown-name', "link: no link is named 'p7'"],
      [net.filters.add({ ...SPEC, actions: [{ ...MIRROR, link: 'p7' }] }), 'unknown-name', "no link is named 'p7'"],
      [net.filters.add({ ...SPEC, match: { 'ip.dts': '10.0.0.0/8' } as never }), 'invalid', 'did you mean ip.dst?'],
      [net.filters.add({ ...SPEC, match: { 'ip.dst': '10.0.0.1/8' } }), 'invalid', "the network is '10.0.0.0/8'"],
      [net.filters.add({ ...SPEC, match: { 'vlan.id': 5 } }), 'invalid', "match['vlan.id']: kind u32 cannot compare it; use kind flower"],
      [net.filters.add({ ...SPEC, match: { 'tcp.dport': '1-5' }, protocol: 'ip' }), 'invalid', 'compares bits, not ranges'],
      [net.filters.add({ ...SPEC, match: { 'tcp.dport': 5 } }), 'invalid', "'tcp.dport' needs protocol 'ip' or 'ipv6', not 'all'"],
      [net.filters.add({ ...SPEC, match: { 'tcp.dport': 5, 'udp.dport': 5 } }), 'invalid', "excludes 'tcp.dport'"],
      [net.filters.add({ ...SPEC, match: { 'ip.src': '10.0.0.1', 'ip6.src': 'fd00::1' } }), 'invalid', "excludes 'ip.src'"],
      [net.filters.add({ ...SPEC, protocol: 'ipv6' }), 'invalid', "protocol: 'ip.dst' needs protocol 'ip', not 'ipv6'"],
      [net.filters.add({ ...SPEC, match: { 'ip.protocol': 'tcp', 'th.dport': 5 } }), 'invalid', "write 'tcp.dport'"],
      [net.filters.add({ ...SPEC, match: { 'u32@3': '0x1/0xff' } }), 'invalid', 'the offset must be a multiple of 4'],
      [net.filters.add({ ...SPEC, actions: [{ kind: 'mirred' }] }), 'invalid', 'actions[0].link: is required'],
      [net.filters.add({ ...SPEC, actions: [{ kind: 'police', burst: 5 }] }), 'invalid', 'actions[0].rate: is required'],
      [net.filters.add({ ...SPEC, actions: ['dorp' as never] }), 'invalid', 'did you mean drop?'],
      [net.filters.add({ ...SPEC, parent: 'ingres' as never }), 'invalid', "parent: expected 'root', 'ingress', 'egress'"],
      [net.filters.change({ ...SPEC, handle: '800::1' }, { priority: 5 }), 'invalid', 'priority: it identifies the filter'],
      [
        net.filters.get({ link: 'p0', parent: 'egress', priority: 5 }),
        'missing',
        'cannot get filter priority 5 on p0 egress: it does not exist',
      ],
    ] as const;
    for (const [verb, reason, text] of texts) expect((await failure(verb, reason)).message).to.include(text);
  });
});
