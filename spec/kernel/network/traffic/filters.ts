import { expect } from 'chai';
import { network, type Network } from '../../../../lib/network/network.js';
import type { FilterSpec } from '../../../../lib/network/filters/traffic-filter.js';
import { useNamespace, type Namespace } from '../../../support/namespace.js';
import { countWrites, one, shown } from '../support.js';

/**
 * A filter in the words of `tc filter add`, without its place, and in ours; the match that is read, if it has more.
 *
 * In byte code, `_` stands for a blank.
 */
export type FilterCase = readonly [
  line: string,
  spec: Omit<FilterSpec, 'link' | 'parent' | 'priority'> & { readonly parent?: 'egress' },
  read?: NonNullable<FilterSpec['match']> | undefined,
];

type Shown = Readonly<Record<string, unknown>>;

/** Values that differ from one filter to the next: counters, times, the numbers of actions and of the hash tables of priorities. */
const VOLATILE: ReadonlySet<string> = new Set(['stats', 'installed', 'last_used', 'first_used', 'key_ht', 'fh', 'order', 'index']);

/** Returns what `tc` prints without what changes by itself. */
function steady(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, part]) => !VOLATILE.has(name) && !(name === 'match' && Object.hasOwn(part as object, 'offmask')))
      .map(([name, part]) => [name, steady(part)]),
  );
}

/** A namespace with links for filters. */
export interface FilterLaboratory {
  readonly namespace: Namespace;
  readonly net: Network;
  /** Returns the filters of a place as `tc -j` prints them, without hash tables and whole priorities. */
  judge(place?: string): readonly Shown[];
  /** Returns the keys of the u32 filters of a place, as `tc` prints them. */
  matches(place?: string): readonly string[];
}

/** Makes a namespace with the links `p0` and `p1` and the qdisc clsact; each spec finds no filter at `p0`. */
export function useFilters(): () => FilterLaboratory {
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    namespace().batch(['link add p0 type ifb', 'link add p1 type ifb', 'link set p0 up', 'link set p1 up']);
    namespace().batch(['link property add dev p1 altname another-name-of-the-link']);
    namespace().run('tc', ...'qdisc add dev p0 clsact'.split(' '));
    net = network({ netns: namespace().path });
  });
  after(() => net.close());
  afterEach(() => {
    for (const word of ['del', 'add']) namespace().run('tc', ...`qdisc ${word} dev p0 clsact`.split(' '));
  });
  // In its JSON, tc repeats the name `match` for each key of u32.
  const matches = (place = 'dev p0 ingress'): readonly string[] =>
    [
      ...namespace()
        .run('tc', 'filter', 'show', ...place.split(' '))
        .matchAll(/match [0-9a-f]+\/[0-9a-f]+ at .*/g),
    ]
      .map(([text]) => text)
      .sort();
  const judge = (place = 'dev p0 ingress'): readonly Shown[] =>
    shown<Shown>(namespace(), `tc -j -s filter show ${place}`)
      .filter(({ options }) => options !== undefined && !('ht_divisor' in (options as object)))
      .map((filter) => steady(filter) as Shown);
  return () => ({ namespace: namespace(), net, judge, matches });
}

/** Tests each case in both directions: tc writes and we read, we write and tc reads. */
export function testFilters(filters: () => FilterLaboratory, cases: readonly FilterCase[]): void {
  for (const [line, words, match = words.match] of cases) {
    it(`reads and writes ${line}`, async () => {
      const { net, namespace, judge: shownAt, matches } = filters();
      const place = `dev p0 ${words.parent ?? 'ingress'}`;
      // A call of tc is slow in an emulator; only u32 has keys.
      const judge = (): readonly unknown[] => [...shownAt(place), ...(words.kind === 'u32' ? matches(place) : [])];
      const spec = { link: 'p0', parent: 'ingress', priority: 10, ...words } as FilterSpec;
      namespace.run(
        'tc',
        ...`filter add ${place} prio 10 ${line}`.split(' ').map((word) => (line.includes('bytecode') ? word.replaceAll('_', ' ') : word)),
      );
      const expected = judge();
      expect(expected[0], 'tc shows its own filter').to.be.an('object');
      const [read, ...others] = await one(net.filters.list({ link: 'p0' }));
      expect(others).to.deep.equal([]);
      expect(read).to.deep.include({ priority: 10, kind: words.kind, ...(match !== undefined && { match }) });
      expect(await countWrites(async () => expect((await one(net.filters.ensure(spec))).changed).to.deep.equal([]))).to.equal(0);
      await one(net.filters.delete(read!));
      expect(judge()).to.deep.equal([]);

      const added = await one(net.filters.add(spec));
      expect(judge(), 'tc reads our filter as its own').to.deep.equal(expected);
      expect(await countWrites(() => one(net.filters.ensure(spec)))).to.equal(0);
      const object = await one(net.filters.get(added));
      expect(await countWrites(() => one(net.filters.ensure(object)))).to.equal(0);
      await one(net.filters.delete(object));
      await one(net.filters.add(read!));
      expect(judge(), 'what was read can be written').to.deep.equal(expected);
    });
  }
}
