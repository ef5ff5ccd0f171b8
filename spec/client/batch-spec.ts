import { expect } from 'chai';
import { lastValueFrom, take, toArray } from 'rxjs';
import { mptcpPm } from '../../lib/families/mptcp_pm.js';
import { nftables } from '../../lib/families/nftables.js';
import { rtAddr } from '../../lib/families/rt-addr.js';
import { EncodeError, KernelError, MessageFlags, SocketClosedError, iterateMessages } from '../../lib/index.js';
import { ack, errorReply, fakeKernel } from '../../lib/testing/index.js';
import { AttributeEncoder } from '../../lib/wire/index.js';
import { host } from '../support/host-order.js';
import { CONTROLLER, controller } from './controller.js';

const [NEW_ADDRESS, DELETE_ADDRESS] = [20, 21];
const add = (label: string) =>
  ({ op: 'newaddr', request: { ifaFamily: 2, ifaPrefixlen: 32, ifaIndex: 1, label }, options: { create: true } }) as const;
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error,
  );

describe('FamilyClient.batch', () => {
  it('sends operations in one datagram, each with its bytes and flags, and requests an ack of the last only', async () => {
    const kernel = fakeKernel();
    using client = rtAddr({ transport: kernel });
    const results = await lastValueFrom(
      client
        .batch([add('a'), { op: 'deladdr', request: { ifaFamily: 2, ifaPrefixlen: 32, ifaIndex: 1, local: '10.0.0.1' } }, add('c')])
        .pipe(toArray()),
    );
    expect(results).to.deep.equal([
      { index: 0, op: 'newaddr', reply: undefined },
      { index: 1, op: 'deladdr', reply: undefined },
      { index: 2, op: 'newaddr', reply: undefined },
    ]);
    expect(kernel.datagrams).to.have.length(1);
    const sent = [...iterateMessages(kernel.datagrams[0]!)];
    const { Request, Create, Ack } = MessageFlags;
    expect(sent.map(({ type, flags }) => [type, flags])).to.deep.equal([
      [NEW_ADDRESS, Request | Create],
      [DELETE_ADDRESS, Request],
      [NEW_ADDRESS, Request | Create | Ack],
    ]);
    const label = new AttributeEncoder().string(3, 'c').encode();
    expect([...sent[2]!.payload]).to.deep.equal([2, 32, 0, 0, ...host(1, 0, 0, 0), ...label]);
  });

  it('names the attribute at the offset of an error, and continues', async () => {
    // IFA_LABEL follows the message header and the struct: at offset 24.
    const kernel = fakeKernel((_, { index }) => (index === 1 ? errorReply('EINVAL', { message: 'no', offset: 24 }) : undefined));
    using client = rtAddr({ transport: kernel });
    const results = await lastValueFrom(client.batch(['a', 'b', 'c'].map(add)).pipe(toArray()));
    expect(results.map((result) => 'error' in result)).to.deep.equal([false, true, false]);
    const [, refused] = results;
    const error = refused !== undefined && 'error' in refused ? refused.error : undefined;
    expect(error).to.be.instanceOf(KernelError);
    expect(String(error)).to.equal('KernelError: EINVAL newaddr: address on interface 1: .label no');
  });

  it('stops after the datagram of the first failed operation if asked to, emits all of its results, and closes the generator', async () => {
    let [taken, closed] = [0, 0];
    const many = function* () {
      try {
        for (; taken < 20_000; taken++) yield add(`l${String(taken)}`);
      } finally {
        closed++;
      }
    };
    const kernel = fakeKernel((_, { index }) => (index === 1 ? errorReply('EEXIST') : undefined));
    using client = rtAddr({ transport: kernel });
    const results = await lastValueFrom(client.batch(many(), { stopOnError: true }).pipe(toArray()));
    expect(kernel.datagrams).to.have.length(1);
    const sent = [...iterateMessages(kernel.datagrams[0]!)].length;
    expect(results.map(({ index }) => index)).to.deep.equal([...Array(sent).keys()]);
    expect(results.flatMap((result) => ('error' in result ? [[result.index, result.error.code]] : []))).to.deep.equal([[1, 'EEXIST']]);
    // The next operation was taken already: it did not fit.
    expect(taken).to.be.within(sent - 1, sent + 1);
    expect(closed).to.equal(1);
  });

  it('carries out all operations if none fails, although it would stop', async () => {
    const kernel = fakeKernel();
    using client = rtAddr({ transport: kernel });
    const operations = Array.from({ length: 3000 }, (_, index) => add(`l${index}`));
    const results = await lastValueFrom(client.batch(operations, { stopOnError: true }).pipe(toArray()));
    expect(results).to.have.length(3000);
    expect(kernel.datagrams.length).to.be.above(1);
  });

  it('rejects other options', () => {
    using client = rtAddr({ transport: fakeKernel() });
    expect(() => client.batch([], { stopOnErrors: true } as never)).to.throw(
      TypeError,
      /^batch: unknown option 'stopOnErrors'.*stopOnError/,
    );
    expect(() => client.batch([], { stopOnError: 1 as never })).to.throw(
      TypeError,
      'batch: option stopOnError must be a boolean, not number',
    );
  });

  it('decodes replies', async () => {
    const payload = Uint8Array.from([2, 32, 0, 0, ...host(1, 0, 0, 0), ...new AttributeEncoder().string(3, 'echoed').encode()]);
    using client = rtAddr({
      transport: fakeKernel(({ flags }) => ((flags & MessageFlags.Echo) === 0 ? undefined : [{ type: NEW_ADDRESS, payload }, ack()])),
    });
    const results = await lastValueFrom(
      client.batch([add('a'), { ...add('b'), options: { create: true, echo: true } }, add('c')]).pipe(toArray()),
    );
    expect(
      results.map((result) => ('reply' in result ? (result.reply as { label?: string } | undefined)?.label : result.error)),
    ).to.deep.equal([undefined, 'echoed', undefined]);
  });

  for (const [what, operation, reason] of [
    ['has no name', { request: {} }, "rt-addr has no operation 'undefined'"],
    ['does not exist, before its options', { op: 'newadr', request: {}, options: { bogus: true } }, "rt-addr has no operation 'newadr'"],
    ['has unknown options', { ...add('a'), options: { bogus: true } }, "batch: unknown option 'bogus'"],
  ] as const) {
    for (const before of [[], [add('a')]])
      it(`names an operation that ${what}, ${before.length === 0 ? 'as the first' : 'behind another one'}`, async () => {
        using client = rtAddr({ transport: fakeKernel() });
        const error = await failure(lastValueFrom(client.batch([...before, operation as never])));
        expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes(reason);
      });
  }

  it('gives each operation its own flags', async () => {
    const kernel = fakeKernel();
    using client = rtAddr({ transport: kernel });
    const options = [{ create: true }, {}, { create: true, exclusive: true }];
    await lastValueFrom(client.batch(options.map((each) => ({ ...add('a'), options: each }))));
    const { Request, Create, Exclusive, Ack } = MessageFlags;
    expect([...iterateMessages(kernel.datagrams[0]!)].map(({ flags }) => flags)).to.deep.equal([
      Request | Create,
      Request,
      Request | Create | Exclusive | Ack,
    ]);
  });

  it('reads operations one by one, and stops when the subscriber unsubscribes', async () => {
    let taken = 0;
    const endless = function* () {
      for (;;) yield add(`l${String(taken++)}`);
    };
    using client = rtAddr({ transport: fakeKernel() });
    expect(await lastValueFrom(client.batch(endless()).pipe(take(3), toArray()))).to.have.length(3);
    expect(taken).to.be.within(3, 300);
  });

  it('ends with an EncodeError whose path begins with the index, and sends nothing of that datagram', async () => {
    const kernel = fakeKernel();
    using client = rtAddr({ transport: kernel });
    const wrong = { op: 'newaddr', request: { ifaIndex: -1 } } as const;
    const error = await failure(lastValueFrom(client.batch([add('a'), wrong])));
    expect(error).to.be.instanceOf(EncodeError).and.include({ path: '[1].ifaIndex', operation: 'newaddr' });
    expect((error as Error).message).to.match(/^EENCODE newaddr: \[1\]\.ifaIndex: -1 is/);
    expect(kernel.requests).to.have.length(0);
  });

  it('looks a generic family up first', async () => {
    const kernel = fakeKernel((request) => (request.type === CONTROLLER ? controller(request, { mptcp_pm: { id: 33 } }) : undefined));
    using client = mptcpPm({ transport: kernel });
    await lastValueFrom(
      client
        .batch([
          { op: 'flush-addrs', request: {} },
          { op: 'flush-addrs', request: {} },
        ])
        .pipe(toArray()),
    );
    expect(kernel.requests.slice(-2).map(({ type }) => type)).to.deep.equal([33, 33]);
  });

  it('fails for operations that are only valid in transactions', async () => {
    const kernel = fakeKernel();
    using client = nftables({ transport: kernel });
    const error = await failure(lastValueFrom(client.batch([{ op: 'newtable', request: { name: 't' } }])));
    expect(String(error)).to.match(/^TypeError: .*newtable is only valid in a transaction; use transaction\(\)$/);
    expect(kernel.requests).to.have.length(0);
  });

  it('ends with SocketClosedError when the client is closed', async () => {
    const client = rtAddr({ transport: fakeKernel(() => []) });
    const ended = failure(lastValueFrom(client.batch([add('a')])));
    client.close();
    expect(await ended).to.be.instanceOf(SocketClosedError);
  });
});
