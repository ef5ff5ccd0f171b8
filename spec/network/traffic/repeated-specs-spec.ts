import { expect } from 'chai';
import { lastValueFrom, type Observable } from 'rxjs';
import { network, type ClassSpec, type QdiscSpec } from '../../../lib/network/index.js';
import type { Many } from '../../../lib/network/tables/verbs.js';
import { fakeNetwork } from '../../../lib/testing/index.js';

const one = <T>(verb: Observable<T>): Promise<T> => lastValueFrom(verb);

describe('ensureMany() of objects that are ensured one after the other', () => {
  const htb = { link: 'eth0', parent: 'root', handle: '1:', kind: 'htb' } as const;
  const classOf = (rate: '1mbit' | '2mbit'): ClassSpec => ({ link: 'eth0', handle: '1:10', kind: 'htb', htb: { rate } });
  const text = ({ written, failed }: Many): string => `${written} ${failed.map(({ index, error }) => `${index}: ${error.message}`).join()}`;

  it('rejects a class that an earlier element wants otherwise', async () => {
    using net = network(fakeNetwork().options);
    await one(net.qdiscs.add(htb));
    const verb = net.classes.ensureMany([classOf('1mbit'), classOf('2mbit')]);
    const conflict = 'cannot ensure class 1:10 on eth0: an earlier element of the input wants the same object otherwise';
    expect(text(await one(verb))).to.equal(`1 1: ${conflict}`);
    expect((await one(net.classes.list({ link: 'eth0' })))[0]!.htb!.rate).to.equal(1e6);
    expect(text(await one(verb)), 'a second subscription').to.equal(`0 1: ${conflict}`);
  });

  it('writes equal classes once, and names an element that is not valid', async () => {
    using net = network(fakeNetwork().options);
    await one(net.qdiscs.add(htb));
    const wrong = { ...classOf('1mbit'), handle: 'x' } as unknown as ClassSpec;
    const { written, failed } = await one(net.classes.ensureMany([classOf('1mbit'), classOf('1mbit'), wrong]));
    expect([written, failed.map(({ index, error }) => [index, error.path])]).to.deep.equal([1, [[2, 'handle']]]);
  });

  it('rejects a qdisc that an earlier element wants otherwise, also with recreate', async () => {
    using net = network(fakeNetwork().options);
    const qdiscs: readonly QdiscSpec[] = [htb, { ...htb, kind: 'prio' }];
    const { written, failed } = await one(net.qdiscs.ensureMany(qdiscs, { recreate: true }));
    expect([written, failed.map(({ index, error }) => [index, error.reason])]).to.deep.equal([1, [[1, 'conflict']]]);
  });
});
