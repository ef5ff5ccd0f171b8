import { expect } from 'chai';
import { DecodeError, DumpInterruptedError, KernelError } from '../../lib/errors/index.js';
import { Exchange, Step, type PendingRequest, type SubmitOptions } from '../../lib/exchange/index.js';
import { MessageFlags, MessageType, Protocol, encodeMessage, hostIsLittleEndian } from '../../lib/wire/index.js';
import type { Message, MessageInit } from '../../lib/wire/index.js';
import { ack, done, int32, join, message, part, row, type RequestKey } from '../support/messages.js';

const [EAGAIN, EBUSY, ENOBUFS, EINVAL, ENODEV] = [-11, -16, -105, -22, -19];
const { DumpInterrupted, Dump, Echo } = MessageFlags;
const STEPS = Object.fromEntries(Object.entries(Step).map(([name, step]) => [step, name]));

interface Setup {
  readonly protocol?: number;
  readonly init?: MessageInit;
  readonly options?: Partial<SubmitOptions>;
}

/** Sends one request, advances it by messages, and returns the result of each. */
function run({ protocol = Protocol.Route, init = { type: 18 }, options }: Setup, replies: (asked: RequestKey) => readonly Message[]) {
  const exchange = new Exchange({ protocol, portId: 99, window: 100_000, firstSequence: 5 });
  const request = exchange.submit(init, { operation: 'test', ...options }, undefined);
  expect(exchange.next()).to.equal(request);
  const steps = replies(request).map((reply) => STEPS[request.advance(reply)]);
  return { steps, request };
}

const DUMP: Setup = { init: { type: 18, flags: Dump } };
const AUDIT: Setup = { protocol: Protocol.Audit, init: { type: 1000 } };

describe('PendingRequest', () => {
  const cases: readonly [string, Setup, (asked: RequestKey) => readonly Message[], readonly string[]][] = [
    ['a do with an ack', {}, (to) => [ack(to)], ['Complete']],
    ['a do with data, then the ack', {}, (to) => [row(to), ack(to)], ['Reply', 'Complete']],
    ['a do with an error', {}, (to) => [ack(to, EINVAL)], ['Fail']],
    ['a do with parts and DONE, then the ack', {}, (to) => [part(to), done(to), ack(to)], ['Reply', 'Continue', 'Complete']],
    ['a multipart reply that ends with an ack', {}, (to) => [part(to), part(to), ack(to)], ['Reply', 'Reply', 'Complete']],
    ['a do whose DONE carries an error', {}, (to) => [part(to), done(to, ENODEV)], ['Reply', 'Fail']],
    ['a do without ack, by its reply', { options: { ack: false } }, (to) => [row(to)], ['LastReply']],
    ['a do without ack, by its DONE', { options: { ack: false } }, (to) => [part(to), part(to), done(to)], ['Reply', 'Reply', 'Complete']],
    ['a do without the ack flag that receives an ack', { options: { ack: false } }, (to) => [ack(to)], ['Complete']],
    ['a do with echo: object, then ack', { init: { type: 16, flags: Echo } }, (to) => [row(to), ack(to)], ['Reply', 'Complete']],
    ['a NOOP with an ack', { init: { type: MessageType.Noop } }, (to) => [ack(to)], ['Complete']],
    ['a do amid NOOPs', {}, (to) => [message({ ...head(to), type: MessageType.Noop }), ack(to)], ['Continue', 'Complete']],
    ['a reply of type 0', {}, (to) => [message({ ...head(to), type: 0 }), ack(to)], ['Reply', 'Complete']],
    ['an empty dump', DUMP, (to) => [done(to)], ['Complete']],
    ['a dump', DUMP, (to) => [part(to), part(to), done(to)], ['Reply', 'Reply', 'Complete']],
    ['a dump whose DONE lacks MULTI', DUMP, (to) => [part(to), done(to, 0, 0)], ['Reply', 'Complete']],
    ['a dump whose DONE has no payload', DUMP, (to) => [part(to), message({ ...head(to), type: MessageType.Done })], ['Reply', 'Complete']],
    ['a dump whose rows lack MULTI', DUMP, (to) => [row(to), row(to), done(to)], ['Reply', 'Reply', 'Complete']],
    ['a dump that ends with an ack', DUMP, (to) => [part(to), ack(to)], ['Reply', 'Complete']],
    ['a dump that fails after a part', DUMP, (to) => [part(to), done(to, ENODEV)], ['Reply', 'Fail']],
    ['a dump that is rejected', DUMP, (to) => [ack(to, EINVAL)], ['Fail']],
    ['a dump with a full queue', DUMP, (to) => [ack(to, ENOBUFS), part(to), done(to)], ['Continue', 'Reply', 'Complete']],
    ['a dump while another one runs', DUMP, (to) => [ack(to, EBUSY)], ['Busy']],
    ['a do that fails with EBUSY', {}, (to) => [ack(to, EBUSY)], ['Fail']],
    ['a do that fails with ENOBUFS', {}, (to) => [ack(to, ENOBUFS)], ['Fail']],
    ['a dump interrupted on a part', DUMP, (to) => [part(to, 0, DumpInterrupted), part(to), done(to)], ['Reply', 'Reply', 'Fail']],
    ['a dump interrupted on DONE', DUMP, (to) => [part(to), done(to, 0, DumpInterrupted)], ['Reply', 'Fail']],
    ['a dump whose table was resized', DUMP, (to) => [part(to), done(to, EAGAIN)], ['Reply', 'Fail']],
    ['an audit query: ack, then the reply', AUDIT, (to) => [ack(to), row(to)], ['Continue', 'LastReply']],
    ['an audit query: the reply before the ack', AUDIT, (to) => [row(to), ack(to)], ['Reply', 'Complete']],
    ['a list from audit', AUDIT, (to) => [ack(to), part(to), part(to), done(to)], ['Continue', 'Reply', 'Reply', 'Complete']],
    ['an audit query that fails', AUDIT, (to) => [ack(to, EINVAL)], ['Fail']],
    ['an audit command, which receives only an ack', { protocol: Protocol.Audit, init: { type: 1001 } }, (to) => [ack(to)], ['Complete']],
  ];
  for (const [name, setup, replies, expected] of cases) {
    it(`advances ${name}`, () => {
      expect(run(setup, replies).steps).to.deep.equal(expected);
    });
  }

  it('fails with the code, the operation and a copy of the request', () => {
    const { request } = run({ init: { type: 16, payload: Uint8Array.of(1, 2, 3, 4) }, options: { operation: 'newlink' } }, (to) => [
      ack(to, EINVAL),
    ]);
    const error = request.error as KernelError;
    expect(error).to.be.instanceOf(KernelError);
    expect(error).to.include({ code: 'EINVAL', errno: -22, operation: 'newlink' });
    expect(error.request).to.deep.equal(encodeMessage({ type: 16, flags: 5, sequence: 5, portId: 99, payload: Uint8Array.of(1, 2, 3, 4) }));
  });

  it('fails with the request as the kernel echoed it, if the echo is complete', () => {
    const init = { type: 16, payload: Uint8Array.of(1, 2, 3, 4) };
    const echoed = (payload: Uint8Array, flags: number): Uint8Array | undefined => {
      const { request } = run({ init }, ({ sequence, portId }) => [
        message({ type: MessageType.Error, flags, sequence, portId, payload: join(int32(EINVAL), encodeMessage({ type: 16, payload })) }),
      ]);
      return (request.error as KernelError).request?.slice(16);
    };
    expect(echoed(Uint8Array.of(9, 9, 9, 9), 0)).to.deep.equal(Uint8Array.of(9, 9, 9, 9));
    expect(echoed(Uint8Array.of(9), 0)).to.deep.equal(init.payload);
    expect(echoed(Uint8Array.of(9, 9, 9, 9), MessageFlags.Capped)).to.deep.equal(init.payload);
  });

  it('reports the type of the attribute at the reported offset', () => {
    // struct nlattr { len 8, type 7 } at offset 20, after four bytes of fixed header
    const view = new DataView(new ArrayBuffer(12));
    view.setUint16(4, 8, hostIsLittleEndian);
    view.setUint16(6, 7, hostIsLittleEndian);
    const payload = new Uint8Array(view.buffer);
    const offs = join(Uint8Array.from(hostIsLittleEndian ? [8, 0, 2, 0] : [0, 8, 0, 2]), int32(20));
    const { request } = run({ init: { type: 16, payload } }, ({ sequence, portId }) => [
      message({
        type: MessageType.Error,
        flags: MessageFlags.Capped | MessageFlags.AckAttributes,
        sequence,
        portId,
        payload: join(int32(EINVAL), encodeMessage({ type: 16 }), offs),
      }),
    ]);
    expect((request.error as KernelError).extendedAck).to.deep.equal({ offset: 20, attributeType: 7 });
  });

  it('fails an interrupted dump with a DumpInterruptedError', () => {
    const { request } = run({ ...DUMP, options: { operation: 'getlink' } }, (to) => [part(to, 0, DumpInterrupted), done(to)]);
    expect(request.error).to.be.instanceOf(DumpInterruptedError).and.to.include({ code: 'EINTR', operation: 'getlink' });
  });

  it('fails a dump that the kernel asks to repeat with a DumpInterruptedError', () => {
    // The kernel ends dumps of ila and of devlink reports with EAGAIN when their rows have moved meanwhile.
    for (const end of [done, ack]) {
      const { request } = run({ ...DUMP, options: { operation: 'get' } }, (to) => [part(to), end(to, EAGAIN)]);
      expect(request.error).to.be.instanceOf(DumpInterruptedError).and.to.include({ code: 'EINTR', operation: 'get' });
    }
    const { request } = run({}, (to) => [ack(to, EAGAIN)]);
    expect(request.error).to.be.instanceOf(KernelError).and.to.include({ code: 'EAGAIN' });
  });

  const broken: readonly [string, Setup, number, Uint8Array][] = [
    ['an ack without an error number', {}, MessageType.Error, new Uint8Array(0)],
    ['an ack with three bytes of an error number', {}, MessageType.Error, new Uint8Array(3)],
    ['a DONE with two bytes of an error number', DUMP, MessageType.Done, new Uint8Array(2)],
  ];
  for (const [name, setup, type, payload] of broken) {
    it(`fails at ${name}, and does not throw`, () => {
      const { steps, request } = run(setup, (to) => [message({ ...head(to), type, payload })]);
      expect(steps).to.deep.equal(['Fail']);
      expect(request.error).to.be.instanceOf(DecodeError);
    });
  }

  it('ends at an empty queue only after DONE', () => {
    const before = run({}, (to) => [part(to)]).request;
    const after = run({}, (to) => [part(to), done(to)]).request;
    expect([before.endsWhenDrained, after.endsWhenDrained]).to.deep.equal([false, true]);
  });
});

function head({ sequence, portId }: PendingRequest | RequestKey): RequestKey {
  return { sequence, portId };
}
