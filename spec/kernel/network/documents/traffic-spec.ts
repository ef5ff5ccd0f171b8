import { expect } from 'chai';
import type { ClsactTree, QdiscTree } from '../../../../lib/network/documents/document.js';
import type { Applied } from '../../../../lib/network/documents/apply/apply.js';
import { countWrites, one, shown } from '../support.js';
import { useTraffic } from '../traffic/judge.js';
import { namespaceState } from './namespace-state.js';

/** The tree that {@link TREE_BY_TC} creates. */
const TREE: QdiscTree = {
  handle: '1:',
  kind: 'htb',
  htb: { defaultClass: '1:30' },
  classes: [
    {
      handle: '1:1',
      kind: 'htb',
      htb: { rate: '100mbit' },
      classes: [
        {
          handle: '1:10',
          kind: 'htb',
          htb: { rate: '10mbit', ceil: '100mbit' },
          qdisc: { handle: '10:', kind: 'pfifo', pfifo: { limit: 50 } },
        },
        {
          handle: '1:30',
          kind: 'htb',
          htb: { rate: '5mbit' },
          qdisc: { handle: '30:', kind: 'tbf', tbf: { rate: '1mbit', burst: '10kib', latency: '50ms' } },
        },
      ],
    },
  ],
  filters: [
    { priority: 1, kind: 'u32', match: { 'ip.dst': '10.0.0.0/8' }, to: '1:10' },
    { priority: 1, kind: 'u32', match: { 'ip.dst': '11.0.0.0/8' }, to: '1:30' },
  ],
};

const TREE_BY_TC: readonly string[] = [
  'qdisc add dev v0 root handle 1: htb default 30',
  'class add dev v0 parent 1: classid 1:1 htb rate 100mbit',
  'class add dev v0 parent 1:1 classid 1:10 htb rate 10mbit ceil 100mbit',
  'class add dev v0 parent 1:1 classid 1:30 htb rate 5mbit',
  'qdisc add dev v0 parent 1:10 handle 10: pfifo limit 50',
  'qdisc add dev v0 parent 1:30 handle 30: tbf rate 1mbit burst 10k latency 50ms',
  'filter add dev v0 parent 1: protocol ip prio 1 u32 match ip dst 10.0.0.0/8 flowid 1:10',
  'filter add dev v0 parent 1: protocol ip prio 1 u32 match ip dst 11.0.0.0/8 flowid 1:30',
];

/** A change of the tree by `tc`, and the lines of the plan that takes it back. */
const CHANGES: readonly (readonly [title: string, line: string, expected: readonly string[]])[] = [
  [
    'options that are not listed',
    'class change dev v0 parent 1:1 classid 1:30 htb rate 5mbit ceil 50mbit burst 20k prio 3 overhead 10',
    ['~ class 1:30 on v0: htb.ceil 50000000 -> none, htb.burst 20480 -> 1600, htb.priority 3 -> 0, htb.overhead 10 -> none'],
  ],
  ['another limit', 'qdisc change dev v0 parent 1:10 pfifo limit 7', ['~ qdisc 1:10 on v0: pfifo.limit 7 -> 50']],
  ['a class that is not listed', 'class add dev v0 parent 1:1 classid 1:40 htb rate 1mbit', ['- class 1:40 on v0']],
  [
    'a filter that is not listed',
    'filter add dev v0 parent 1: protocol ip prio 2 u32 match ip src 1.2.3.4 flowid 1:10',
    ['- filter u32 priority 2 ip 801::800 on v0 1:'],
  ],
  ['nothing of ingress, which is another tree', 'qdisc add dev v0 ingress', []],
  [
    'another root',
    'qdisc replace dev v0 root handle 2: pfifo limit 5',
    [
      '~ qdisc root on v0: handle 2: -> 1:, kind pfifo -> htb, htb.defaultClass none -> 1:30 (deleted and created again)',
      '+ class 1:1 on v0',
      '+ class 1:10 on v0',
      '+ class 1:30 on v0',
      '+ filter u32 priority 1 ip on v0 1:',
      '+ filter u32 priority 1 ip on v0 1:',
      '+ qdisc 1:10 on v0',
      '+ qdisc 1:30 on v0',
    ],
  ],
];

describe('documents with traffic control', () => {
  const traffic = useTraffic();

  const lines = async (lists: { readonly qdisc?: QdiscTree | null; readonly clsact?: ClsactTree | null }): Promise<readonly string[]> => {
    const { text } = await one(traffic().net.plan({ version: 1, links: [{ name: 'v0', ...lists }] }));
    return text === '' ? [] : text.split('\n');
  };

  it('finds no difference in a tree that tc created from the same words', async () => {
    for (const line of TREE_BY_TC) traffic().tc(line);
    expect(await lines({ qdisc: TREE })).to.deep.equal([]);
  });

  const apply = (qdisc: QdiscTree | null): Promise<Applied> =>
    one(traffic().net.apply({ version: 1, links: [{ name: 'v0', qdisc, clsact: null }] }));

  it('writes a tree as tc does, in one round', async () => {
    for (const line of TREE_BY_TC) traffic().tc(line);
    const byTc = namespaceState(traffic().namespace);
    await apply(null);
    expect(traffic().qdiscs()).to.deep.equal([]);
    expect((await apply(TREE)).rounds).to.equal(1);
    expect(namespaceState(traffic().namespace)).to.deep.equal(byTc);
    expect(await countWrites(() => apply(TREE))).to.equal(0);
  });

  for (const [title, line, expected] of CHANGES)
    it(`takes back ${title}`, async () => {
      for (const each of TREE_BY_TC) traffic().tc(each);
      const before = namespaceState(traffic().namespace);
      traffic().tc(line);
      expect(await lines({ qdisc: TREE })).to.deep.equal(expected);
      expect(await lines({})).to.deep.equal([]);
      await apply(TREE);
      expect(namespaceState(traffic().namespace)).to.deep.equal(before);
    });

  it('writes the queue of tbf again, whose limit a change of tbf overwrites', async () => {
    const tree = (rate: `${number}mbit`): QdiscTree => ({
      handle: '1:',
      kind: 'tbf',
      tbf: { rate, burst: '10kib', latency: '50ms' },
      classes: [{ handle: '1:1', kind: 'tbf', qdisc: { handle: '2:', kind: 'bfifo', bfifo: { limit: 5000 } } }],
    });
    await apply(tree('1mbit'));
    await apply(tree('2mbit'));
    expect(
      traffic()
        .qdiscs()
        .map(({ options }) => options),
    ).to.deep.include({ limit: 5000 });
  });

  it('puts filters of a priority in another order', async () => {
    const [first, second] = TREE.filters!;
    await apply({ ...TREE, filters: [second!, first!] });
    await apply(TREE);
    expect(
      shown<{ readonly options?: { readonly flowid?: string } }>(traffic().namespace, 'tc -j filter show dev v0 parent 1:').flatMap(
        ({ options }) => options?.flowid ?? [],
      ),
    ).to.deep.equal(['1:10', '1:30']);
  });

  it('creates filters again whose order differs', async () => {
    for (const line of TREE_BY_TC) traffic().tc(line);
    const again = '~ filter u32 priority 1 ip on v0 1: (deleted and created again)';
    expect(await lines({ qdisc: { ...TREE, filters: [...TREE.filters!].reverse() } })).to.deep.equal([again, again]);
  });

  it('recreates the tree when a class moves, because the kernel ignores another parent', async () => {
    for (const line of TREE_BY_TC) traffic().tc(line);
    const [top] = TREE.classes!;
    const [inner, other] = top!.classes!;
    const [first, ...others] = await lines({ qdisc: { ...TREE, classes: [{ ...top!, classes: [inner!] }, other!] } });
    expect(first).to.equal('~ qdisc root on v0: classes.1:30.parent 1:1 -> 1: (deleted and created again)');
    expect(others).to.have.length(7);
  });

  it('sends packets to a link again that was deleted and created again', async () => {
    const { net, namespace } = traffic();
    const clsact = (to: string): ClsactTree => ({
      ingress: [
        { kind: 'u32', priority: 5, match: { 'ip.src': '192.0.2.0/24' }, actions: [{ kind: 'mirred', index: 7, link: to }] },
        { kind: 'u32', priority: 6, match: { 'ip.src': '192.0.2.0/24' }, to: '1:1' },
      ],
    });
    const document = {
      version: 1,
      links: [
        { name: 'to0', kind: 'ifb', up: true },
        { name: 'v0', clsact: clsact('to0') },
      ],
    } as const;
    const targets = (): readonly string[] => namespace.run('tc', 'filter', 'show', 'dev', 'v0', 'ingress').match(/to device \S+/g) ?? [];
    await one(net.apply(document));
    expect(targets()).to.deep.equal(['to device to0)']);
    namespace.ip('link del to0');
    expect(targets()).to.deep.equal(['to device *)']);
    // The kernel accepts no new filter without a target, so that undoing reports that filter; the other one stays.
    const failing = { ...document, routes: [{ to: '203.0.113.0/24', via: '203.0.113.1' }] };
    expect(await one(net.apply(failing)).catch((error: unknown) => error)).to.include({ undone: false });
    expect(namespace.run('tc', 'filter', 'show', 'dev', 'v0', 'ingress'))
      .to.contain('pref 6 u32')
      .and.not.contain('pref 5 u32');
    await one(net.apply(document));
    expect(targets()).to.deep.equal(['to device to0)']);
    expect(await countWrites(() => one(net.apply(document)))).to.equal(0);
    await one(
      net.apply({
        version: 1,
        links: [
          { name: 'v0', clsact: null },
          { name: 'to0', absent: true },
        ],
      }),
    );
    expect(namespace.run('tc', 'actions', 'ls', 'action', 'mirred').trim()).to.match(/^(?:total acts 0)?$/);
  });

  it('counts a default qdisc as none', async () => {
    const { tc } = traffic();
    expect(await lines({ qdisc: null, clsact: null })).to.deep.equal([]);
    tc('qdisc add dev v0 root handle 1: pfifo');
    tc('qdisc add dev v0 clsact');
    expect(await lines({ qdisc: null, clsact: null })).to.deep.equal(['- qdisc root on v0', '- qdisc clsact on v0']);
  });

  it('leaves the handle of the kernel, and the limit that follows from the link', async () => {
    const { tc, namespace } = traffic();
    tc('qdisc add dev v0 root bfifo');
    expect(await lines({ qdisc: { kind: 'bfifo' } })).to.deep.equal([]);
    tc('qdisc change dev v0 root bfifo limit 5000');
    expect(await lines({ qdisc: { kind: 'bfifo' } })).to.deep.equal(['~ qdisc root on v0: bfifo.limit 5000 -> 1514000']);
    namespace.run('ip', 'link', 'set', 'v0', 'txqueuelen', '100');
    tc('qdisc delete dev v0 root');
    tc('qdisc add dev v0 root pfifo');
    expect(await lines({ qdisc: { kind: 'pfifo' } })).to.deep.equal([]);
    namespace.run('ip', 'link', 'set', 'v0', 'txqueuelen', '1000');
  });

  it('distinguishes ingress from clsact', async () => {
    const { tc } = traffic();
    tc('qdisc add dev v0 ingress');
    tc('filter add dev v0 ingress protocol ip prio 5 u32 match ip dst 1.1.1.1 flowid 1:1');
    const ingress: ClsactTree['ingress'] = [{ kind: 'u32', priority: 5, match: { 'ip.dst': '1.1.1.1' }, to: '1:1' }];
    expect(await lines({ clsact: { kind: 'ingress', ingress } })).to.deep.equal([]);
    expect(await lines({ clsact: { ingress } })).to.deep.equal([
      '~ qdisc clsact on v0: kind ingress -> clsact (deleted and created again)',
      '+ filter u32 priority 5 ip on v0 ingress',
    ]);
    expect(await lines({ clsact: { kind: 'ingress' } })).to.deep.equal(['- filter u32 priority 5 ip 800::800 on v0 ingress']);
  });
});
