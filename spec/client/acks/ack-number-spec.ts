import { expect } from 'chai';
import { EMPTY, lastValueFrom, throwError, toArray } from 'rxjs';
import { ackReply } from '../../../lib/client/request/ack-reply.js';
import { KernelError } from '../../../lib/errors/index.js';
import { loadFamily } from '../../../lib/spec-loader/index.js';

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
