import { expect } from 'chai';
import type { LinkLists, NetworkDocument } from '../../../../lib/network/documents/document.js';
import { Row } from '../../../../lib/network/common/written.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { useNamespace } from '../../../support/namespace.js';
import { usePrograms } from '../../../support/programs.js';
import { isLong } from '../../../support/rounds.js';
import { countWrites, one } from '../support.js';
import { QDISC_KINDS } from './qdisc-kinds.js';

const SIDES: readonly string[] = ['ingress', 'clsact'];

/** Errors of `tc` for a kind that the kernel lacks. */
const MISSING = /kind is unknown|unknown qdisc/;

/** A form of a kind: the row that the kernel has when `tc` has made it, and the lists of a document that describe it. */
interface Form {
  readonly title: string;
  readonly row: unknown;
  readonly lists: Pick<LinkLists, 'qdisc' | 'clsact'>;
}

/** Options that the kernel draws at random or counts. */
const VOLATILE: readonly string[] = ['prngSeed', 'directPkts', 'stats', 'rateNext'];

/** Sends each form over each other one. The specs of `npm test` go around twice, once in each direction, and over the first form. */
function* pairsOf(forms: readonly Form[]): Generator<readonly [from: Form, to: Form], void, undefined> {
  for (const [index, from] of forms.entries())
    for (const [other, to] of forms.entries()) {
      const isNear = Math.abs(index - other) === 1 || index === 0 || other === 0;
      if (index !== other && (isLong || isNear)) yield [from, to];
    }
}

describe('documents with qdiscs of every kind', function () {
  this.timeout(300_000);
  usePrograms('tc');
  const namespace = useNamespace();
  const known = new Map<string, readonly Form[]>();
  let net: Network;

  before(() => {
    const queues = 'numtxqueues 4 numrxqueues 4';
    namespace().batch(['a', 'b'].map((name) => `link add ${name}0 ${queues} type veth peer name ${name}1 ${queues}`));
    namespace().batch(['a0', 'a1', 'b0', 'b1'].map((name) => `link set ${name} up`));
    net = network({ netns: namespace().path });
  });
  after(() => net?.close());

  async function rowOf(link: string): Promise<unknown> {
    const found = await one(net.qdiscs.list({ link, byDefault: false }));
    return found.map(({ [Row]: { handle, parent, kind, options } }) => ({ handle, parent, kind, options: withoutVolatile(options) }));
  }

  /** Has `tc` make a form on a link of its own, and describes it by an export; undefined if the kernel lacks the kind. */
  async function formOf(kind: string, words: string): Promise<Form | undefined> {
    const place = SIDES.includes(kind) ? kind : `root handle 5: ${kind} ${words}`.trim();
    const title = `${kind} ${words}`.trim();
    try {
      namespace().run('tc', ...`qdisc add dev a0 ${place}`.split(' '));
    } catch (error) {
      if (MISSING.test((error as Error).message)) return undefined;
      throw error;
    }
    try {
      const { links = [] } = await one(net.export({ only: ['qdiscs'] }));
      const { qdisc, clsact } = links.find(({ name }) => name === 'a0') as LinkLists;
      const lists = SIDES.includes(kind) ? { clsact: clsact ?? null } : { qdisc: qdisc ?? null };
      return { title, row: await rowOf('a0'), lists };
    } finally {
      namespace().run('tc', ...`qdisc delete dev a0 ${SIDES.includes(kind) ? kind : 'root'}`.split(' '));
    }
  }

  const documentOf = ({ lists }: Form): NetworkDocument => ({ version: 1, links: [{ name: 'b0', ...lists }] });

  async function apply(from: Form, to: Form): Promise<void> {
    await one(net.apply(documentOf(to)));
    expect(await rowOf('b0'), `${to.title} over ${from.title}`).to.deep.equal(to.row);
  }

  async function applyForms(kind: string, forms: readonly string[]): Promise<number> {
    const made: Form[] = [];
    for (const words of forms) {
      const form = await formOf(kind, words);
      if (form === undefined) return 0;
      made.push(form);
    }
    known.set(kind, made);
    let count = 0;
    for (const [from, to] of pairsOf(made)) {
      await one(net.apply(documentOf(from)));
      await apply(from, to);
      count++;
    }
    const [first] = made as [Form];
    await one(net.apply(documentOf(first)));
    expect(await countWrites(() => one(net.apply(documentOf(first)))), first.title).to.equal(0);
    return count;
  }

  it('apply each kind over each of its forms', async function () {
    const failures: string[] = [];
    let count = 0;
    for (const [kind, forms] of Object.entries(QDISC_KINDS))
      try {
        count += await applyForms(kind, forms);
      } catch (error) {
        failures.push(`${kind}: ${(error as Error).message}${detailOf(error)}`);
      }
    expect(failures).to.deep.equal([]);
    expect(known.size).to.be.greaterThan(4);
    const lacking = Object.keys(QDISC_KINDS).filter((kind) => !known.has(kind));
    this.test!.title += ` (${known.size} kinds, ${count} changes; the kernel lacks ${lacking.join(', ') || 'none'})`;
  });

  it('exchange the kinds for each other', async function () {
    const kinds = [...known.values()].map(([form]) => form!);
    const roots = kinds.filter(({ lists }) => 'qdisc' in lists);
    const sides = kinds.filter(({ lists }) => 'clsact' in lists);
    const failures: string[] = [];
    await one(net.apply({ version: 1, links: [{ name: 'b0', qdisc: null, clsact: null }] }));
    for (const group of [roots, sides]) {
      for (const list of [group, [...group].reverse()])
        for (const [index, to] of list.entries())
          await apply(list.at(index - 1)!, to).catch((error: unknown) => failures.push(`${(error as Error).message}${detailOf(error)}`));
      await one(net.apply({ version: 1, links: [{ name: 'b0', qdisc: null, clsact: null }] }));
    }
    expect(failures).to.deep.equal([]);
    this.test!.title += ` (${kinds.length} kinds)`;
  });
});

function detailOf(error: unknown): string {
  const { actual, expected } = error as { readonly actual?: unknown; readonly expected?: unknown };
  return actual === undefined ? '' : `\n  is     ${JSON.stringify(actual)}\n  not as ${JSON.stringify(expected)}`;
}

function withoutVolatile(options: unknown): unknown {
  if (typeof options !== 'object' || options === null || options instanceof Uint8Array) return options;
  if (Array.isArray(options)) return options.map(withoutVolatile);
  const entries = Object.entries(options).filter(([name]) => !VOLATILE.includes(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutVolatile(value)]));
}
