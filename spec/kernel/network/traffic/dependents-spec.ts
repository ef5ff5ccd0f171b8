import { expect } from 'chai';
import type { QdiscSpec } from '../../../../lib/network/qdiscs/qdisc.js';
import { countWrites, failure, one } from '../support.js';
import { useTraffic } from './judge.js';

/** Lines of tc that make a tree below the qdisc `1:`. */
const TREE = [
  'qdisc add dev v0 root handle 1: htb default 10',
  'class add dev v0 parent 1: classid 1:1 htb rate 9mbit',
  'class add dev v0 parent 1:1 classid 1:10 htb rate 1mbit',
  'qdisc add dev v0 parent 1:10 handle 10: pfifo limit 5',
  'filter add dev v0 parent 1: protocol ip prio 5 u32 match ip dst 10.0.0.1/32 flowid 1:10',
];

describe('option recreate of qdiscs and classes', () => {
  const traffic = useTraffic();
  const RECREATE = { recreate: true };

  /** Returns the settings of all qdiscs, classes and filters of v0, as tc shows them. */
  const tree = (): readonly string[] => ['qdisc', 'class', 'filter'].map((object) => traffic().tc(`${object} show dev v0`));

  /** Runs something that has to leave everything as it is, without a request that writes. */
  async function keepsTree(run: () => Promise<void>): Promise<void> {
    const before = tree();
    expect(await countWrites(run)).to.equal(0);
    expect(tree()).to.deep.equal(before);
  }

  const refused = [
    ['a kind that the kernel lacks', { link: 'v0', handle: '1:', kind: 'no-such-kind' }],
    ['another default class', { link: 'v0', handle: '1:', kind: 'htb', htb: { defaultClass: '1:20' } }],
    ['another handle', { link: 'v0', handle: '2:', kind: 'pfifo' }],
  ] as const satisfies readonly (readonly [string, QdiscSpec])[];

  for (const [title, spec] of refused)
    it(`keeps a qdisc with objects below it, and names them: ${title}`, async () => {
      const { net, tc } = traffic();
      TREE.forEach(tc);
      await keepsTree(async () => {
        const error = await failure(net.qdiscs.ensure(spec, RECREATE), 'busy');
        expect(error.message).to.equal(
          'cannot ensure qdisc root on v0: recreating it would also delete class 1:1, class 1:10, qdisc 10: and 1 more; ' +
            'delete them first, or delete the qdisc and add the whole tree again',
        );
        const { written, failed } = await one(net.qdiscs.ensureMany([spec], RECREATE));
        expect({ written, reasons: failed.map(({ error: { reason } }) => reason) }).to.deep.equal({ written: 0, reasons: ['busy'] });
      });
    });

  it('keeps a class with a qdisc below it, and one with a class', async () => {
    const { net, tc } = traffic();
    [...TREE, 'class add dev v0 parent 1: classid 1:2 htb rate 2mbit'].forEach(tc);
    await keepsTree(async () => {
      const leaf = { link: 'v0', handle: '1:10', parent: '1:2', kind: 'htb', htb: {} } as const;
      expect((await failure(net.classes.ensure(leaf, RECREATE), 'busy')).message).to.include('qdisc 10:; delete them first');
      expect((await one(net.classes.ensureMany([leaf], RECREATE))).failed[0]!.error.reason).to.equal('busy');
      const inner = { link: 'v0', handle: '1:1', parent: '1:2', kind: 'htb', htb: {} } as const;
      expect((await failure(net.classes.ensure(inner, RECREATE), 'busy')).message).to.include('delete class 1:10');
    });
  });

  it('keeps the qdisc clsact with a filter', async () => {
    const { net, tc } = traffic();
    ['qdisc add dev v0 clsact', 'filter add dev v0 ingress protocol ip prio 5 u32 match u32 0 0 flowid 1:1'].forEach(tc);
    await keepsTree(async () => {
      const error = await failure(net.qdiscs.ensure({ link: 'v0', kind: 'ingress' }, RECREATE), 'busy');
      expect(error.message).to.include('would also delete filter u32 priority 5 ip of ingress;');
    });
  });

  it('recreates a qdisc whose classes the kernel made, and one after everything below it is deleted', async () => {
    const { net, tc, qdiscs } = traffic();
    tc('qdisc add dev v0 root handle 1: tbf rate 1mbit burst 10k limit 20k');
    expect(tc('class show dev v0')).to.include('class tbf 1:1');
    expect((await one(net.qdiscs.ensureMany([{ link: 'v0', handle: '1:', kind: 'htb' }], RECREATE))).written).to.equal(1);
    TREE.slice(1).forEach(tc);
    await one(net.filters.deleteMany(await one(net.filters.list({ link: 'v0' }))));
    await one(net.classes.delete({ link: 'v0', handle: '1:10' }));
    await one(net.classes.delete({ link: 'v0', handle: '1:1' }));
    const { changed } = await one(net.qdiscs.ensure({ link: 'v0', handle: '1:', kind: 'pfifo' }, RECREATE));
    expect(changed.map(({ action }) => action)).to.deep.equal(['recreate']);
    expect(qdiscs().map(({ kind }) => kind)).to.deep.equal(['pfifo']);
  });
});
