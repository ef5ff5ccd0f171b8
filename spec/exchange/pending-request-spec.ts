import { expect } from 'chai';
import { DecodeError, DumpInterruptedError, KernelError } from '../../lib/errors/index.js';
import { Exchange, Step, type PendingRequest, type SubmitOptions } from '../../lib/exchange/index.js';
import { MessageFlags, MessageType, Protocol, encodeMessage, hostIsLittleEndian } from '../../lib/wire/index.js';
import type { Message, MessageInit } from '../../lib/wire/index.js';
import { ack, done, int32, join, message, part, row, type Asked } from '../support/messages.js';

const [EBUSY, ENOBUFS, EINVAL, ENODEV] = [-16, -105, -22, -19];
const { DumpInterrupted, Dump, Echo } = MessageFlags;
const STEPS = Object.fromEntries(Object.entries(Step).map(([name, step]) => [step, name]));

interface Life {
  readonly protocol?: number;
  readonly init?: MessageInit;
  readonly options?: Partial<SubmitOptions>;
}

/** Sends one request, shows it messages until one ends it, and tells what became of each. */
function live({ protocol = Protocol.Route, init = { type: 18 }, options }: Life, replies: (asked: Asked) => readonly Message[]) {
  const exchange = new Exchange({ protocol, portId: 99, window: 100_000, firstSequence: 5 });
  const request = exchange.submit(init, { operation: 'test', ...options }, undefined);
  expect(exchange.next()).to.equal(request);
  const steps = replies(request).map((reply) => STEPS[request.advance(reply)]);
  return { steps, request };
}

const DUMP: Life = { init: { type: 18, flags: Dump } };
const AUDIT: Life = { protocol: Protocol.Audit, init: { type: 1000 } };

describe('PendingRequest', () => {
  const lives: readonly [string, Life, (asked: Asked) => readonly Message[], readonly string[]][] = [
    ['a do that is acked', {}, (to) => [ack(to)], ['Complete']],
    ['a do with data, then the ack', {}, (to) => [row(to), ack(to)], ['Reply', 'Complete']],
    ['a do that is refused', {}, (to) => [ack(to, EINVAL)], ['Fail']],
    ['a do that ends MULTI and DONE, and is acked after', {}, (to) => [part(to), done(to), ack(to)], ['Reply', 'Continue', 'Complete']],
    ['a multipart reply that an ack closes', {}, (to) => [part(to), part(to), ack(to)], ['Reply', 'Reply', 'Complete']],
    ['a do whose DONE carries an error', {}, (to) => [part(to), done(to, ENODEV)], ['Reply', 'Fail']],
    ['a do without ack, by its reply', { options: { ack: false } }, (to) => [row(to)], ['LastReply']],
    ['a do without ack, by its DONE', { options: { ack: false } }, (to) => [part(to), part(to), done(to)], ['Reply', 'Reply', 'Complete']],
    ['a do without ack that is acked all the same', { options: { ack: false } }, (to) => [ack(to)], ['Complete']],
    ['a do with echo: object, then ack', { init: { type: 16, flags: Echo } }, (to) => [row(to), ack(to)], ['Reply', 'Complete']],
    ['a NOOP that is acked', { init: { type: MessageType.Noop } }, (to) => [ack(to)], ['Complete']],
    ['a do amid NOOPs', {}, (to) => [message({ ...head(to), type: MessageType.Noop }), ack(to)], ['Continue', 'Complete']],
    ['a reply of type 0', {}, (to) => [message({ ...head(to), type: 0 }), ack(to)], ['Reply', 'Complete']],
    ['an empty dump', DUMP, (to) => [done(to)], ['Complete']],
    ['a dump', DUMP, (to) => [part(to), part(to), done(to)], ['Reply', 'Reply', 'Complete']],
    ['a dump whose DONE lacks MULTI', DUMP, (to) => [part(to), done(to, 0, 0)], ['Reply', 'Complete']],
    ['a dump whose DONE is bare', DUMP, (to) => [part(to), message({ ...head(to), type: MessageType.Done })], ['Reply', 'Complete']],
    ['a dump whose rows lack MULTI', DUMP, (to) => [row(to), row(to), done(to)], ['Reply', 'Reply', 'Complete']],
    ['a dump that an ack closes', DUMP, (to) => [part(to), ack(to)], ['Reply', 'Complete']],
    ['a dump that fails on its way', DUMP, (to) => [part(to), done(to, ENODEV)], ['Reply', 'Fail']],
    ['a dump that is refused', DUMP, (to) => [ack(to, EINVAL)], ['Fail']],
    ['a dump that found the queue full', DUMP, (to) => [ack(to, ENOBUFS), part(to), done(to)], ['Continue', 'Reply', 'Complete']],
    ['a dump that met another one', DUMP, (to) => [ack(to, EBUSY)], ['Busy']],
    ['a do that is refused with EBUSY', {}, (to) => [ack(to, EBUSY)], ['Fail']],
    ['a do that is refused with ENOBUFS', {}, (to) => [ack(to, ENOBUFS)], ['Fail']],
    ['a dump interrupted on a part', DUMP, (to) => [part(to, 0, DumpInterrupted), part(to), done(to)], ['Reply', 'Reply', 'Fail']],
    ['a dump interrupted on DONE', DUMP, (to) => [part(to), done(to, 0, DumpInterrupted)], ['Reply', 'Fail']],
    ['a question to audit: ack, then the answer', AUDIT, (to) => [ack(to), row(to)], ['Continue', 'LastReply']],
    ['a question to audit: the answer overtakes', AUDIT, (to) => [row(to), ack(to)], ['Reply', 'Complete']],
    ['a list from audit', AUDIT, (to) => [ack(to), part(to), part(to), done(to)], ['Continue', 'Reply', 'Reply', 'Complete']],
    ['a question that audit refuses', AUDIT, (to) => [ack(to, EINVAL)], ['Fail']],
    ['a command to audit, which is only acked', { protocol: Protocol.Audit, init: { type: 1001 } }, (to) => [ack(to)], ['Complete']],
  ];
  for (const [name, life, replies, expected] of lives) {
    it(`lives through ${name}`, () => {
      expect(live(life, replies).steps).to.deep.equal(expected);
    });
  }

  it('names the refusal: code, operation, a copy of the request', () => {
    const { request } = live({ init: { type: 16, payload: Uint8Array.of(1, 2, 3, 4) }, options: { operation: 'newlink' } }, (to) => [
      ack(to, EINVAL),
    ]);
    const error = request.error as KernelError;
    expect(error).to.be.instanceOf(KernelError);
    expect(error).to.include({ code: 'EINVAL', errno: -22, operation: 'newlink' });
    expect(error.request).to.deep.equal(encodeMessage({ type: 16, flags: 5, sequence: 5, portId: 99, payload: Uint8Array.of(1, 2, 3, 4) }));
  });

  it('tells which attribute of the request the kernel points at', () => {
    // struct nlattr { len 8, type 7 } at offset 20, behind four bytes of fixed header
    const view = new DataView(new ArrayBuffer(12));
    view.setUint16(4, 8, hostIsLittleEndian);
    view.setUint16(6, 7, hostIsLittleEndian);
    const payload = new Uint8Array(view.buffer);
    const offs = join(Uint8Array.from(hostIsLittleEndian ? [8, 0, 2, 0] : [0, 8, 0, 2]), int32(20));
    const { request } = live({ init: { type: 16, payload } }, ({ sequence, portId }) => [
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

  it('ends an interrupted dump with an error of its own', () => {
    const { request } = live({ ...DUMP, options: { operation: 'getlink' } }, (to) => [part(to, 0, DumpInterrupted), done(to)]);
    expect(request.error).to.be.instanceOf(DumpInterruptedError).and.to.include({ code: 'EINTR', operation: 'getlink' });
  });

  const broken: readonly [string, Life, number, Uint8Array][] = [
    ['an ack without an error number', {}, MessageType.Error, new Uint8Array(0)],
    ['an ack with three bytes of it', {}, MessageType.Error, new Uint8Array(3)],
    ['a DONE with two bytes of it', DUMP, MessageType.Done, new Uint8Array(2)],
  ];
  for (const [name, life, type, payload] of broken) {
    it(`fails by ${name}, and throws nothing`, () => {
      const { steps, request } = live(life, (to) => [message({ ...head(to), type, payload })]);
      expect(steps).to.deep.equal(['Fail']);
      expect(request.error).to.be.instanceOf(DecodeError);
    });
  }

  it('ends at a drained queue only after DONE', () => {
    const before = live({}, (to) => [part(to)]).request;
    const after = live({}, (to) => [part(to), done(to)]).request;
    expect([before.endsWhenDrained, after.endsWhenDrained]).to.deep.equal([false, true]);
  });
});

function head({ sequence, portId }: PendingRequest | Asked): Asked {
  return { sequence, portId };
}
