import { expect } from 'chai';
import { EMPTY, lastValueFrom, throwError, toArray } from 'rxjs';
import { ackReply } from '../../../lib/client/request/ack-reply.js';
import { KernelError } from '../../../lib/errors/index.js';
import { loadFamily } from '../../../lib/spec-loader/index.js';
import { MessageType, type Message } from '../../../lib/index.js';
import { ack, errorReply, fakeKernel, type ReplyBuilder } from '../../../lib/testing/index.js';
import { host } from '../../support/host-order.js';

const named = (error: unknown): unknown => ({ named: error });

describe('ackReply', () => {
  it('emits the positive number of an ack as the reply', async () => {
    const messages = throwError(() => new KernelError({ operation: 'new', errno: 7 }));
    expect(await lastValueFrom(messages.pipe(ackReply('radioId', named), toArray()))).to.deep.equal([{ radioId: 7 }]);
  });

  it('emits 0 for an ack without a number', async () => {
    expect(await lastValueFrom(EMPTY.pipe(ackReply('radioId', named), toArray()))).to.deep.equal([{ radioId: 0 }]);
  });

  it('names other errors', async () => {
    const failure = new KernelError({ operation: 'new', errno: -1 });
    const error: unknown = await lastValueFrom(throwError(() => failure).pipe(ackReply('radioId', named))).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.deep.equal({ named: failure });
  });
});

describe('ack-number', () => {
  const specification = (mode: string): string => `
name: x
protocol: genetlink-legacy
attribute-sets: [{ name: s, attributes: [{ name: radio-id, type: u32 }] }]
operations: { list: [{ name: new, value: 1, attribute-set: s, ${mode} }] }
`;

  it('is the property of a reply', () => {
    using client = loadFamily(specification('do: { request: {}, reply: {}, ack-number: radio-id }'))();
    expect(client.schema.operations[0]!.do).to.deep.include({ ackNumber: 'radioId' });
  });

  it('needs a reply, and a do', () => {
    expect(() => loadFamily(specification('do: { request: {}, ack-number: radio-id }'))).to.throw(/ack-number: needs a 'reply'/);
    expect(() => loadFamily(specification('dump: { request: {}, reply: {}, ack-number: radio-id }'))).to.throw(/ack-number/);
  });
});

describe('ack-number in a batch', () => {
  const family = loadFamily(`
name: x
protocol: netlink-raw
protonum: 20
attribute-sets: [{ name: s, attributes: [{ name: radio-id, type: u32 }] }]
operations: { list: [{ name: new, value: 16, attribute-set: s, do: { request: {}, reply: {}, ack-number: radio-id } }] }
`);
  /** NLMSG_ERROR with a number as it is, and the header of the request (netlink_ack of net/netlink/af_netlink.c). */
  const numbered =
    (number: number): ReplyBuilder =>
    (request: Message) => ({
      type: MessageType.Error,
      flags: 0x100,
      payload: Uint8Array.from([...host(number, 0, 0, 0), ...request.bytes.subarray(0, 16)]),
    });
  const steps = (count: number): { op: 'new'; request: Record<string, unknown> }[] =>
    Array.from({ length: count }, () => ({ op: 'new', request: {} }));

  it('is the reply, and an error stays one', async () => {
    const answers = [numbered(7), errorReply('EBUSY'), ack()];
    using client = family({ transport: fakeKernel((_, { index }) => answers[index]) });
    const results = await lastValueFrom(client.batch(steps(3)).pipe(toArray()));
    expect(results.map((result) => ('error' in result ? result.error.code : result.reply))).to.deep.equal([
      { radioId: 7 },
      'EBUSY',
      { radioId: 0 },
    ]);
  });

  it('does not stop a batch that stops at errors', async () => {
    using client = family({ transport: fakeKernel(() => numbered(7)) });
    const results = await lastValueFrom(client.batch(steps(5000), { stopOnError: true }).pipe(toArray()));
    expect(results).to.have.length(5000);
  });

  it('is an error of other operations, and stops a batch that stops at errors', async () => {
    const other = loadFamily(`
name: x
protocol: netlink-raw
protonum: 20
attribute-sets: [{ name: s, attributes: [{ name: radio-id, type: u32 }] }]
operations: { list: [{ name: new, value: 16, attribute-set: s, do: { request: {}, reply: {} } }] }
`);
    using client = other({ transport: fakeKernel(() => numbered(7)) });
    const results = await lastValueFrom(client.batch(steps(5000), { stopOnError: true }).pipe(toArray()));
    expect(results).to.have.length.below(5000);
    expect(results[0]).to.have.nested.property('error.errno', 7);
  });
});
