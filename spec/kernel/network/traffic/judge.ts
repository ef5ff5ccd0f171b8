import { expect } from 'chai';
import { network, type Network } from '../../../../lib/network/network.js';
import type { QdiscSpec } from '../../../../lib/network/qdiscs/qdisc.js';
import { useNamespace, type Namespace } from '../../../support/namespace.js';
import { usePrograms } from '../../../support/programs.js';
import { countWrites, one, shown } from '../support.js';

/** An entry of `tc -j`. */
export type ShownTraffic = Readonly<Record<string, unknown>>;

/**
 * A qdisc, and the words with which `tc` writes the same one.
 *
 * `others` are options that `tc` shows of the qdisc of this library and that differ from its own: `tc` writes bursts of tbf in
 * bytes too, and the kernel rounds those down.
 */
export type QdiscCase = readonly [spec: QdiscSpec, line: string, others?: ShownTraffic];

/** A namespace with a pair of links that are up, and a network() in it. */
export interface TrafficLaboratory {
  readonly namespace: Namespace;
  readonly net: Network;
  /** Runs `tc`; the arguments are split at blanks. */
  tc(line: string): string;
  /** Returns what `tc` shows of the qdiscs of v0 that are not default ones, without what changes by itself. */
  qdiscs(): readonly ShownTraffic[];
}

/** Makes the namespace for the specs of a `describe`; each spec finds v0 without a qdisc. */
export function useTraffic(): () => TrafficLaboratory {
  usePrograms('tc');
  const namespace = useNamespace();
  let net: Network;
  const tc = (line: string): string => namespace().run('tc', ...line.split(' '));
  const qdiscs = () =>
    shown<ShownTraffic>(namespace(), 'tc -j -d qdisc show dev v0')
      .filter(({ handle }) => handle !== '0:')
      .map(stable);
  before(() => {
    namespace().batch(['link add v0 type veth peer v1', 'link set v0 up', 'link set v1 up']);
    net = network({ netns: namespace().path });
  });
  afterEach(() => {
    for (const { parent, root, handle } of qdiscs())
      if (root === true) tc('qdisc delete dev v0 root');
      else if (handle === 'ffff:') tc(`qdisc delete dev v0 parent ${parent as string}`);
  });
  after(() => net.close());
  return () => ({ namespace: namespace(), net, tc, qdiscs });
}

/** Removes what the kernel chooses or counts: `refcnt`, packets, the seed of random numbers. */
function stable({ refcnt: _refcnt, options, ...entry }: ShownTraffic): ShownTraffic {
  const { direct_packets_stat: _packets, seed: _seed, ...others } = (options ?? {}) as ShownTraffic;
  return { ...entry, options: others };
}

/** Compares a qdisc that this library writes with the one that `tc` writes, in both directions. */
export async function judgeQdisc({ net, tc, qdiscs }: TrafficLaboratory, [spec, line, others]: QdiscCase): Promise<void> {
  tc(`qdisc add dev v0 ${line}`);
  const [found] = qdiscs();
  const expected = { ...found, options: { ...(found!['options'] as object), ...others } };
  const key = { link: 'v0', parent: spec.parent ?? (found!['root'] === true ? ('root' as const) : ('clsact' as const)) };
  const { statistics: _counted, ...written } = await one(net.qdiscs.get(key));
  expect(await countWrites(async () => expect((await one(net.qdiscs.ensure(spec))).changed).to.deep.equal([]))).to.equal(0);
  await one(net.qdiscs.delete(key));
  expect(qdiscs()).to.deep.equal([]);

  const { object, changed } = await one(net.qdiscs.ensure(spec));
  expect(changed.map(({ action }) => action)).to.deep.equal(['add']);
  expect(qdiscs()).to.deep.equal([expected]);
  const { statistics: _zero, ...read } = object;
  if (others === undefined) expect(withoutSeed(read)).to.deep.equal(withoutSeed(written));
  for (const same of [spec, object])
    expect(await countWrites(async () => expect((await one(net.qdiscs.ensure(same))).changed).to.deep.equal([]))).to.equal(0);
  expect((await one(net.qdiscs.delete(object))).handle).to.equal(object.handle);
  await one(net.qdiscs.add(object));
  expect(qdiscs()).to.deep.equal([expected]);
  expect(JSON.parse(JSON.stringify(object))).to.deep.include({ link: 'v0', kind: spec.kind });
}

function withoutSeed<T extends { readonly netem?: unknown }>(qdisc: T): T {
  return { ...qdisc, ...(qdisc.netem !== undefined && { netem: { ...(qdisc.netem as object), seed: 0 } }) };
}
