import { inspect } from 'node:util';
import { expect } from 'chai';
import type { LinkLists, NetworkDocument } from '../../../../lib/network/documents/document.js';
import { ApplyError } from '../../../../lib/network/documents/apply/apply-error.js';
import { Row } from '../../../../lib/network/common/written.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { useNamespace } from '../../../support/namespace.js';
import { usePrograms } from '../../../support/programs.js';
import { isLong } from '../../../support/rounds.js';
import { countWrites, one } from '../support.js';
import { QDISC_KINDS, UNWRITABLE_KINDS } from './qdisc-kinds.js';

const SIDES: readonly string[] = ['ingress', 'clsact'];

/** Errors of `tc` for a kind that the kernel lacks. */
const MISSING = /kind is unknown|unknown qdisc/;

/** A form of a kind: the row that the kernel has when `tc` has made it, and the lists of a document that describe it. */
interface Form {
  readonly title: string;
  readonly row: unknown;
  readonly lists: Pick<LinkLists, 'qdisc' | 'clsact'>;
}

const SHOWN = { depth: 9, breakLength: Infinity };

/** Options that the kernel draws at random or counts. */
const VOLATILE: readonly string[] = ['prngSeed', 'directPkts', 'stats', 'rateNext'];

/**
 * Returns the forms in an order in which each follows each other one. In `npm test`, each follows the first one and its neighbours, and
 * they follow it.
 */
function walkOf(forms: readonly Form[]): readonly Form[] {
  const [first] = forms as [Form];
  if (isLong) return forms.flatMap((one, index) => forms.slice(index + 1).flatMap((other) => [one, other]));
  return [...forms.slice(1).flatMap((form) => [first, form]), ...forms, ...[...forms].reverse()];
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
    return found.map(({ [Row]: { handle, parent, kind, options } }) => ({
      handle,
      parent,
      kind,
      options: withoutVolatile(comparable(options)),
    }));
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
      return { title, row: await rowOf('a0'), lists: { qdisc: qdisc ?? null, clsact: clsact ?? null } };
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
    const [first] = made as [Form];
    let last = first;
    for (const form of [...walkOf(made), first]) {
      await apply(last, form);
      last = form;
      count++;
    }
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

  it('are as asked, or fail with what the kernel does not accept again, and change nothing', async function () {
    let count = 0;
    for (const [kind, words] of Object.entries(UNWRITABLE_KINDS)) {
      const form = await formOf(kind, words);
      if (form === undefined) continue;
      const before = await rowOf('b0');
      const error = await one(net.apply(documentOf(form))).catch((caught: unknown) => caught as ApplyError);
      // Later kernels accept it.
      if (!(error instanceof ApplyError)) expect(await rowOf('b0'), kind).to.deep.equal(form.row);
      else {
        expect([error.reason, error.path, error.undone], kind).to.deep.equal(['invalid', 'links[0].qdisc', true]);
        expect(await rowOf('b0'), kind).to.deep.equal(before);
      }
      count++;
    }
    this.test!.title += ` (${count} of ${Object.keys(UNWRITABLE_KINDS).length} kinds)`;
  });

  it('exchange the kinds for each other', async function () {
    const kinds = [...known.values()].map(([form]) => form!);
    const failures: string[] = [];
    for (const list of [kinds, [...kinds].reverse()])
      for (const [index, to] of list.entries())
        await apply(list.at(index - 1)!, to).catch((error: unknown) => failures.push(`${(error as Error).message}${detailOf(error)}`));
    expect(failures).to.deep.equal([]);
    this.test!.title += ` (${kinds.length} kinds)`;
  });
});

function detailOf(error: unknown): string {
  const { actual, expected } = error as { readonly actual?: unknown; readonly expected?: unknown };
  return actual === undefined ? '' : `\n  is     ${inspect(actual, SHOWN)}\n  not as ${inspect(expected, SHOWN)}`;
}

/** TC_RED_ADAPTATIVE (uapi/linux/pkt_sched.h). */
const ADAPTIVE = 4;

/** The options of a queue that the kernel changes by itself. */
interface Changing extends Readonly<Record<string, unknown>> {
  readonly parms?: { readonly flags?: number };
}

/**
 * Returns options as they can be compared: without a compensation (`raw`), cake keeps the number of the one before, and does not use it; an
 * adaptive queue of red changes its probability, from which an export then computes another logarithm.
 */
function comparable(options: unknown): unknown {
  const { raw, maxP, ...others } = (options ?? {}) as Changing;
  const isAdaptive = ((others.parms?.flags ?? 0) & ADAPTIVE) !== 0;
  if (raw !== undefined) return { ...others, raw, overhead: 0 };
  return maxP !== undefined && isAdaptive ? { ...others, parms: { ...others.parms, plog: 0 } } : options;
}

function withoutVolatile(options: unknown): unknown {
  if (typeof options !== 'object' || options === null || options instanceof Uint8Array) return options;
  if (Array.isArray(options)) return options.map(withoutVolatile);
  const entries = Object.entries(options).filter(([name]) => !VOLATILE.includes(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutVolatile(value)]));
}
