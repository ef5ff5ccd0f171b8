import { expect } from 'chai';
import { lastValueFrom, type Observable } from 'rxjs';
import { isNetworkError, network, type NetworkDocument, type QdiscSpec, type TbfOptions } from '../../../lib/network/index.js';
import type { Written } from '../../../lib/network/common/written.js';
import { fakeNetwork } from '../../../lib/testing/index.js';

const failure = async (verb: Observable<unknown>): Promise<string> => {
  try {
    return `done ${JSON.stringify(await lastValueFrom(verb))}`;
  } catch (error) {
    return isNetworkError(error, 'invalid') ? error.message : String(error);
  }
};

describe('a burst of tbf below a full packet', () => {
  const specOf = (options: TbfOptions<Written>): QdiscSpec => ({
    ...{ link: 'eth0', parent: 'root', kind: 'tbf' },
    tbf: { rate: '1mbit', burst: '32kib', latency: '50ms', ...options },
  });
  const text =
    'tbf.burst: 1024 bytes are less than a full packet of Ethernet, and the kernel drops each larger packet; ' +
    "expected at least 1514 bytes, the MTU of the link and 14; write '2kib' or more";

  it('is rejected by the verbs', async () => {
    using net = network(fakeNetwork().options);
    expect(await failure(net.qdiscs.add(specOf({ burst: '1kib' })))).to.equal(`cannot add qdisc root on eth0: ${text}`);
    expect(await failure(net.qdiscs.ensure(specOf({ burst: 1513 })))).to.include('tbf.burst: 1513 bytes are less');
    expect(await failure(net.qdiscs.ensure(specOf({ burst: 1514 })))).to.include('done');
    const { failed } = await lastValueFrom(net.qdiscs.ensureMany([specOf({ burst: '1kib' })]));
    expect(failed[0]?.error.message).to.include(text);
    const key = { link: 'eth0', parent: 'root' } as const;
    expect(await failure(net.qdiscs.change(key, { kind: 'tbf', tbf: { burst: '1kib' } }))).to.include(text);
  });

  it('is rejected for the peak rate', async () => {
    using net = network(fakeNetwork().options);
    const spec = specOf({ peakRate: '2mbit', peakBurst: '1kib' });
    expect(await failure(net.qdiscs.add(spec))).to.include('tbf.peakBurst: 1024 bytes are less than a full packet');
  });

  it('is rejected in a document', async () => {
    using net = network(fakeNetwork().options);
    const qdisc = { kind: 'tbf', tbf: { rate: '1mbit', burst: '1kib', latency: '50ms' } };
    const document = { version: 1, links: [{ name: 'eth0', qdisc }] } as unknown as NetworkDocument;
    expect(await failure(net.plan(document))).to.include(text);
  });
});
