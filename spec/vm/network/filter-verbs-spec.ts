import { expect } from 'chai';
import { network } from '../../../lib/network/network.js';
import type { FilterSpec } from '../../../lib/network/filters/traffic-filter.js';
import { failure, one } from '../../kernel/network/support.js';
import { useFilters } from '../../kernel/network/traffic/filters.js';
import { usePair } from '../../kernel/network/traffic/measure.js';
import { modules } from '../support.js';

describe('network().filters on the wide kernel, verbs', () => {
  before(() => modules('ifb', 'sch_ingress', 'cls_matchall', 'cls_flower', 'cls_cgroup', 'act_gact', 'act_police'));
  const filters = useFilters();

  it('changes values, class and actions of flower in place, but not its fields', async () => {
    const { net, judge } = filters();
    const spec: FilterSpec = {
      link: 'p0',
      parent: 'ingress',
      priority: 10,
      kind: 'flower',
      match: { 'ip.src': '192.0.2.9', 'tcp.dport': 80 },
      to: '1:1',
    };
    await one(net.filters.add({ ...spec, protocol: 'ip' }));
    const police = { kind: 'police', rate: '1mbit', burst: '10kib' } as const;
    const wanted: FilterSpec = { ...spec, match: { 'ip.src': '192.0.2.1', 'tcp.dport': 22 }, to: null, actions: [police] };
    const { changed } = await one(net.filters.ensure(wanted));
    expect(changed.map(({ action, changes }) => [action, Object.keys(changes!).sort()])).to.deep.equal([
      ['change', ['actions', 'match', 'to']],
    ]);
    const { options } = judge()[0] as { readonly options: Readonly<Record<string, unknown>> };
    expect(options['keys']).to.deep.equal({ eth_type: 'ipv4', ip_proto: 'tcp', src_ip: '192.0.2.1', dst_port: 22 });
    expect(options).to.not.have.property('classid');
    const { object } = await one(net.filters.ensure({ ...wanted, actions: [{ ...police, rate: '2mbit' }] }));
    expect(object.actions![0]).to.include({ kind: 'police', rate: 2e6, burst: 10_240, exceed: 'drop' });
    for (const match of [{ 'ip.src': '192.0.2.0/24', 'tcp.dport': 22 }, { 'tcp.dport': 22 }] as const) {
      const other: FilterSpec = { ...wanted, protocol: 'ip', match };
      expect((await failure(net.filters.ensure(other), 'unsupported')).path).to.equal('match');
      await one(net.filters.ensure(other, { recreate: true }));
      expect(judge()).to.have.length(1);
    }
  });

  it('creates a filter of kind matchall again, because the kernel changes none', async () => {
    const { net, judge } = filters();
    const spec: FilterSpec = { link: 'p0', parent: 'ingress', priority: 10, kind: 'matchall', actions: ['drop'] };
    await one(net.filters.add(spec));
    const wanted: FilterSpec = { ...spec, actions: ['pass'] };
    expect((await failure(net.filters.ensure(wanted), 'unsupported')).path).to.equal('actions');
    await one(net.filters.ensure(wanted, { recreate: true }));
    expect(JSON.stringify(judge())).to.include('"type":"pass"');
  });

  it('deletes a filter of kind cgroup', async () => {
    const { net, judge } = filters();
    const spec: FilterSpec = { link: 'p0', parent: 'ingress', priority: 10, kind: 'cgroup', handle: 1 };
    await one(net.filters.add(spec));
    expect(judge()).to.have.length(1);
    await one(net.filters.delete(spec));
    expect(judge()).to.deep.equal([]);
  });
});

describe('the action police on the wide kernel', () => {
  before(() => modules('veth', 'sch_ingress', 'cls_matchall', 'act_police'));
  const pair = usePair();

  it('limits the rate of packets', async () => {
    const { first, measure } = pair();
    using net = network({ netns: first.path });
    await one(net.qdiscs.ensure({ link: 'p0', kind: 'clsact' }));
    const spec: FilterSpec = {
      link: 'p0',
      parent: 'ingress',
      priority: 1,
      kind: 'matchall',
      actions: [{ kind: 'police', rate: '100kbit' }],
    };
    // An emulated sender reaches some hundred kbit/s.
    expect(measure('in', 1500), 'the rate without a limit').to.be.greaterThan(300e3);
    await one(net.filters.add(spec));
    expect(measure('in', 1500), 'the rate with a limit').to.be.within(30e3, 200e3);
  });
});
