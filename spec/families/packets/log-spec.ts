import { expect } from 'chai';
import { lastValueFrom, take, toArray } from 'rxjs';
import { nfnetlinkLogSchema } from '../../../lib/families/generated/nfnetlink_log.js';
import { nflog } from '../../../lib/families/nfnetlink_log.js';
import { OverrunError, resyncOnOverrun } from '../../../lib/index.js';
import { fakeFamilies, fakeFamily, fakeKernel } from '../../../lib/testing/index.js';

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('nflog', () => {
  const logOf = () => {
    const family = fakeFamily(nfnetlinkLogSchema, { do: { config: () => undefined } });
    const kernel = fakeKernel(fakeFamilies(family));
    const log = nflog(7, { transport: kernel, threshold: 3, timeout: 15, bufferSize: 8192, sequenceGlobal: true, copyRange: 0 });
    const send = (...numbers: number[]) => {
      for (const seq of numbers) family.send(kernel, kernel.sockets[0]!, 'packet', { resId: 7, seq, prefix: `p${seq}` });
    };
    return { family, kernel, log, send };
  };

  it('binds with its options in one request, emits packets, and unbinds', async () => {
    const { family, kernel, log, send } = logOf();
    const packets = lastValueFrom(log.pipe(take(2), toArray()));
    send(0, 1);
    expect((await packets).map(({ prefix, seq }) => [prefix, seq])).to.deep.equal([
      ['p0', 0],
      ['p1', 1],
    ]);
    await turn();
    const header = { nfgenFamily: 0, version: 0, resId: 7 };
    expect(family.requests(kernel).map(({ value }) => value)).to.deep.equal([
      {
        ...header,
        ...{ cmd: { command: 'bind' }, mode: { copyRange: 0, copyMode: 'meta' }, nlbufsiz: 8192, timeout: 2, qthresh: 3, flags: 3 },
      },
      { ...header, cmd: { command: 'unbind' } },
    ]);
  });

  it('reports a gap in the numbers that no overrun explains, after the packet behind it', async () => {
    const { log, send } = logOf();
    const seen: unknown[] = [];
    const error = new Promise((resolve) => log.subscribe({ next: ({ seq }) => seen.push(seq), error: resolve }));
    send(0, 1, 5);
    expect(await error)
      .to.be.instanceOf(OverrunError)
      .with.property('dropped', 3);
    expect(await error)
      .to.have.property('message')
      .that.includes('could not store 3 packets of log group 7');
    expect(seen).to.deep.equal([0, 1, 5]);
  });

  it('reports an overrun once, and continues with the numbers behind it', async () => {
    const { kernel, log, send } = logOf();
    const seen: unknown[] = [];
    const lost: number[] = [];
    const subscription = log.pipe(resyncOnOverrun(({ dropped }) => void lost.push(dropped))).subscribe(({ seq }) => seen.push(seq));
    send(0);
    kernel.overrun({ dropped: 2 });
    await turn();
    send(5, 6);
    await turn();
    expect({ seen, lost }).to.deep.equal({ seen: [0, 5, 6], lost: [2] });
    subscription.unsubscribe();
  });

  it('checks its options when it is made', () => {
    expect(() => nflog(-1)).to.throw(RangeError, 'nflog: number');
    expect(() => nflog(1, { threshold: 0 })).to.throw(RangeError, 'nflog: option threshold');
    expect(() => nflog(1, { conntrack: 1 } as object)).to.throw(TypeError, 'nflog: option conntrack must be true or false');
    expect(() => nflog(1, { sequenceGlobal: 1 } as object)).to.throw(TypeError, 'nflog: option sequenceGlobal');
  });
});
