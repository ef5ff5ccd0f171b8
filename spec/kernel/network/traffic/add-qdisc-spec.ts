import { expect } from 'chai';
import { forkJoin } from 'rxjs';
import type { QdiscSpec } from '../../../../lib/network/qdiscs/qdisc.js';
import { failure, one } from '../support.js';
import { useTraffic } from './judge.js';

const tbf = { kind: 'tbf', tbf: { rate: '1mbit', burst: '32kib', latency: '50ms' } } as const;

describe('network().qdiscs.add of a place that has a qdisc', () => {
  const traffic = useTraffic();

  /** Makes a root htb with a class and a fifo below it; returns what `tc` shows of v0. */
  function makeTree(): () => readonly unknown[] {
    const { namespace, tc, qdiscs } = traffic();
    tc('qdisc add dev v0 root handle 1: htb default 10');
    tc('class add dev v0 parent 1: classid 1:10 htb rate 1mbit');
    tc('qdisc add dev v0 parent 1:10 handle 10: pfifo limit 5');
    return () => [...qdiscs(), namespace.run('tc', 'class', 'show', 'dev', 'v0')];
  }

  for (const parent of ['root', '1:10'] as const)
    for (const handle of [undefined, '7:'] as const)
      it(`rejects another kind at ${parent} ${handle === undefined ? 'without a handle' : 'with a handle'}`, async () => {
        const shown = makeTree();
        const before = shown();
        const spec: QdiscSpec = { link: 'v0', parent, ...(handle !== undefined && { handle }), ...tbf };
        const error = await failure(traffic().net.qdiscs.add(spec), 'exists');
        expect(error.message).to.include(`cannot add qdisc ${parent} on v0`);
        expect(shown()).to.deep.equal(before);
      });

  it('rejects it in addMany, also where an earlier element has added one', async () => {
    const { net, tc, qdiscs } = traffic();
    const shown = makeTree();
    const before = shown();
    const { written, failed } = await one(
      net.qdiscs.addMany([
        { link: 'v0', ...tbf },
        { link: 'v0', parent: '1:10', ...tbf },
      ]),
    );
    expect([written, ...failed.map(({ index, error }) => [index, error.reason])]).to.deep.equal([0, [0, 'exists'], [1, 'exists']]);
    expect(shown()).to.deep.equal(before);
    tc('qdisc delete dev v0 root');
    const twice = await one(
      net.qdiscs.addMany([
        { link: 'v0', kind: 'pfifo' },
        { link: 'v0', ...tbf },
      ]),
    );
    expect(twice.failed.map(({ index, error }) => [index, error.reason])).to.deep.equal([[1, 'exists']]);
    expect(qdiscs().map(({ kind }) => kind)).to.deep.equal(['pfifo']);
  });

  it('rejects clsact in place of ingress', async () => {
    const { net, tc, qdiscs } = traffic();
    tc('qdisc add dev v0 ingress');
    await failure(net.qdiscs.add({ link: 'v0', kind: 'clsact' }), 'exists');
    expect((await one(net.qdiscs.addMany([{ link: 'v0', kind: 'clsact' }]))).failed.map(({ error }) => error.reason)).to.deep.equal([
      'exists',
    ]);
    expect(qdiscs().map(({ kind }) => kind)).to.deep.equal(['ingress']);
  });

  it('lets one of two verbs succeed that read the place at the same time', async () => {
    const { net, qdiscs } = traffic();
    const verbs = [net.qdiscs.add({ link: 'v0', kind: 'htb' }), net.qdiscs.add({ link: 'v0', ...tbf })];
    const results = await Promise.allSettled(verbs.map((verb) => one<unknown>(verb)));
    expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected']);
    expect(qdiscs().map(({ kind }) => kind)).to.deep.equal(['htb']);
  });

  it('chooses handles that no qdisc of the link has, also for verbs at the same time', async () => {
    const { net, tc, qdiscs } = traffic();
    tc('qdisc add dev v0 root handle 1: htb');
    for (const minor of [1, 2, 3, 4, 5, 6, 7]) tc(`class add dev v0 parent 1: classid 1:${minor} htb rate 1mbit`);
    const leaves = [1, 2, 3, 4].map((minor): QdiscSpec => ({ link: 'v0', parent: `1:${minor}`, kind: 'pfifo' }));
    await one(forkJoin(leaves.map((leaf) => net.qdiscs.add(leaf))));
    const more = [5, 6, 7].map((minor): QdiscSpec => ({ link: 'v0', parent: `1:${minor}`, ...tbf }));
    expect(await one(net.qdiscs.addMany(more))).to.deep.equal({ written: 3, failed: [] });
    const handles = qdiscs().map(({ handle }) => handle as string);
    expect(new Set(handles).size).to.equal(8);
    for (const handle of handles.filter((each) => each !== '1:')) expect(handle).to.match(/^[89a-f][0-9a-f]{3}:$/);
  });
});
