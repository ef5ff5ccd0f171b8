import { expect } from 'chai';
import { lastValueFrom, type Observable } from 'rxjs';
import { isNetworkError, network, type ClassSpec, type NetworkDocument, type QdiscSpec } from '../../../lib/network/index.js';
import { fakeNetwork } from '../../../lib/testing/index.js';

const failure = async (verb: Observable<unknown>): Promise<string> => {
  try {
    return `done: ${JSON.stringify(await lastValueFrom(verb))}`;
  } catch (error) {
    return isNetworkError(error) ? `${error.path}: ${error.message.slice(error.message.indexOf(': ') + 2)}` : String(error);
  }
};
const one = <T>(verb: Observable<T>): Promise<T> => lastValueFrom(verb);

/** The text about a rate of 100 without a unit. */
const problem = (path: string): string =>
  `${path}: expected at least 8000 bit/s, or text with a unit; 100 is 100 bit/s: write '100mbit', or '100bit' if you want that`;

describe('a rate that is a small number without a unit', () => {
  for (const [path, options] of [
    ['tbf.rate', { kind: 'tbf', tbf: { rate: 100, burst: '32kib', latency: 50 } }],
    ['tbf.peakRate', { kind: 'tbf', tbf: { rate: '1mbit', peakRate: 100, burst: '32kib', latency: 50 } }],
    ['cake.bandwidth', { kind: 'cake', cake: { bandwidth: 100 } }],
    ['netem.rate', { kind: 'netem', netem: { rate: 100 } }],
    ['fq.maxRate', { kind: 'fq', fq: { maxRate: 100 } }],
  ] as const) {
    it(`is rejected as ${path} of a qdisc, by each verb`, async () => {
      using net = network(fakeNetwork().options);
      const spec: QdiscSpec = { link: 'eth0', parent: 'root', ...options };
      expect(await failure(net.qdiscs.add(spec))).to.include(problem(path));
      expect(await failure(net.qdiscs.ensure(spec))).to.include(problem(path));
      expect(await failure(net.qdiscs.change({ link: 'eth0', parent: 'root' }, options))).to.include(problem(path));
      const { failed } = await one(net.qdiscs.addMany([spec]));
      expect(String(failed[0]?.error)).to.include(problem(path));
    });
  }

  for (const [path, options] of [
    ['htb.rate', { kind: 'htb', htb: { rate: 100 } }],
    ['htb.ceil', { kind: 'htb', htb: { rate: '1mbit', ceil: 100 } }],
    ['hfsc.linkShare.rate', { kind: 'hfsc', hfsc: { linkShare: { rate: 100 } } }],
    ['hfsc.realTime.firstRate', { kind: 'hfsc', hfsc: { realTime: { rate: '1mbit', firstRate: 100, firstTime: 5 } } }],
  ] as const) {
    it(`is rejected as ${path} of a class`, async () => {
      using net = network(fakeNetwork().options);
      const spec: ClassSpec = { link: 'eth0', handle: '1:10', ...options };
      expect(await failure(net.classes.ensure(spec))).to.include(problem(path));
    });
  }

  it('is rejected in an action of kind police', async () => {
    using net = network(fakeNetwork().options);
    const actions = [{ kind: 'police', rate: 100 }] as const;
    const text = await failure(net.filters.add({ link: 'eth0', parent: 'ingress', priority: 1, kind: 'matchall', actions }));
    expect(text).to.include(problem('actions[0].rate'));
  });

  it('is rejected in a document', async () => {
    using net = network(fakeNetwork().options);
    const qdisc = { kind: 'htb', handle: '1:', classes: [{ handle: '1:10', kind: 'htb', htb: { rate: 100 } }] };
    const document = { version: 1, links: [{ name: 'eth0', qdisc }] } as unknown as NetworkDocument;
    expect(await failure(net.plan(document))).to.include(problem('htb.rate').slice('htb.rate'.length));
  });

  it('is accepted with its unit, in an object that was read, and in an exported document', async () => {
    using net = network(fakeNetwork().options);
    await one(net.qdiscs.add({ link: 'eth0', parent: 'root', handle: '1:', kind: 'htb' }));
    await one(net.classes.add({ link: 'eth0', handle: '1:10', kind: 'htb', htb: { rate: '96bit', ceil: '1mbit' } }));
    const [found] = await one(net.classes.list({ link: 'eth0' }));
    expect(found!.htb!.rate).to.equal(96);
    expect((await one(net.classes.ensure(found!))).changed).to.deep.equal([]);
    const document = await one(net.export({ only: ['qdiscs'] }));
    expect(JSON.stringify(document)).to.include('"rate":"96bit","ceil":1000000');
    expect((await one(net.plan(document))).text).to.equal('');
  });
});
