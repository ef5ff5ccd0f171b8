import { expect } from 'chai';
import { defer, lastValueFrom, toArray, type Observable } from 'rxjs';
import { nftables } from '../../lib/families/nftables.js';
import { rtLink } from '../../lib/families/rt-link.js';
import { TimeoutError } from '../../lib/index.js';
import { fakeKernel } from '../../lib/testing/index.js';

const TABLE = { nfgenFamily: 2, name: 't' } as const;
const silent = () => fakeKernel(() => []);
const failure = (stream: () => Observable<unknown>): Promise<unknown> =>
  lastValueFrom(defer(stream).pipe(toArray())).then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error,
  );

describe('do() of an operation that is only valid in transactions', () => {
  const reason = { asked: 'to stop' };

  it('sends nothing when its signal was aborted before', async () => {
    const kernel = silent();
    using client = nftables({ transport: kernel });
    const error = await failure(() => client.do('newtable', TABLE, { create: true, signal: AbortSignal.abort(reason) }));
    expect(error).to.equal(reason);
    expect(kernel.requests).to.have.lengthOf(0);
  });

  it("ends with the signal's reason, unchanged", async () => {
    using client = nftables({ transport: silent() });
    const controller = new AbortController();
    const ended = failure(() => client.do('newtable', TABLE, { create: true, signal: controller.signal }));
    controller.abort(reason);
    expect(await ended).to.equal(reason);
  });

  it('fails when its time-out expires', async () => {
    using client = nftables({ transport: silent() });
    const error = await failure(() => client.do('newtable', TABLE, { create: true, timeout: 10 }));
    expect(error).to.be.instanceOf(TimeoutError);
    expect(error).to.include({ code: 'ETIMEDOUT', operation: 'newtable', timeout: 10 });
  });
});

describe('a dry run of a transaction', () => {
  it('sends its operations without the end that commits them, and needs the ack of the last one', async () => {
    const kernel = silent();
    using client = nftables({ transport: kernel });
    await lastValueFrom(client.transaction([{ op: 'newtable', request: TABLE }], { dryRun: true, timeout: 10 })).catch(() => undefined);
    const [begin, newTable] = [16, 0xa00];
    expect(kernel.requests.map(({ type, flags }) => [type, flags])).to.deep.equal([
      [begin, 1],
      [newTable, 5],
    ]);
  });

  it('throws for an option that is neither true nor false', () => {
    using client = nftables({ transport: silent() });
    const options = { dryRun: 1 } as unknown as { readonly dryRun: boolean };
    expect(() => client.transaction([], options)).to.throw(TypeError, 'option dryRun must be true or false');
  });
});

describe('an operation of a batch or transaction', () => {
  for (const [name, value] of [
    ['signal', AbortSignal.abort()],
    ['timeout', 10],
    ['ack', false],
    ['ordered', true],
  ] as const) {
    const options = { [name]: value } as object;

    it(`throws for option ${name} in a transaction`, async () => {
      using client = nftables({ transport: silent() });
      const error = await failure(() => client.transaction([{ op: 'newtable', request: TABLE, options }]));
      expect(String(error)).to.match(new RegExp(`^TypeError: transaction: unknown option '${name}'`));
    });

    it(`throws for option ${name} in a batch`, async () => {
      using client = rtLink({ transport: silent() });
      const error = await failure(() => client.batch([{ op: 'newlink', request: { ifname: 'a' }, options }]));
      expect(String(error)).to.match(new RegExp(`^TypeError: batch: unknown option '${name}'`));
    });
  }
});
