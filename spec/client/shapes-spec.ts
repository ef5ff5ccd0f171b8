import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { KernelError } from '../../lib/errors/index.js';
import { loadFamily } from '../../lib/spec-loader/index.js';
import { errorReply, fakeFamilies, fakeFamily, fakeKernel } from '../../lib/testing/index.js';
import { MessageFlags, iterateMessages, encodeMessage, encodeText } from '../../lib/wire/index.js';
import { messageDescriber } from '../../lib/client/message-describer.js';
import { read } from '../codegen/specifications.js';
import { SHAPES } from '../codegen/shapes/shapes.js';
import { host } from '../support/host-order.js';
import { tlv } from '../schema/schemas.js';

const shapes = loadFamily(SHAPES);

describe('A client of a family whose operations share a number', () => {
  it('decodes each notification by the field that identifies them, and skips those of neither', async () => {
    const kernel = fakeKernel();
    using client = shapes({ transport: kernel });
    const events = lastValueFrom(client.notifications('gone').pipe(take(2), toArray()));
    const send = (...payload: number[]): number => kernel.notify(1, { type: 20, payload: Uint8Array.from(payload) }, { protocol: 4 });
    send(1, 0, 0, 0, ...tlv(2, ...host(7, 0, 0, 0)));
    send(99, 0, 0, 0, 1, 2, 3, 4);
    send(10, 7, 0, 0, ...host(3, 0, 0, 0), ...tlv(1, ...encodeText('bbr')));
    expect(await events).to.deep.equal([
      { op: 'other-gone', value: { family: 1, mark: 7 }, group: 1 },
      { op: 'inet-gone', value: { family: 10, state: 7, inode: 3, cong: 'bbr' }, group: 1 },
    ]);
  });

  it('picks properties of the notifications that have them', async () => {
    const kernel = fakeKernel();
    using client = shapes({ transport: kernel });
    const events = lastValueFrom(client.notifications('gone', { pick: ['inode'] } as never).pipe(take(2), toArray()));
    kernel.notify(1, { type: 20, payload: Uint8Array.of(1, 0, 0, 0) }, { protocol: 4 });
    kernel.notify(1, { type: 20, payload: Uint8Array.of(2, 7, 0, 0, ...host(3, 0, 0, 0)) }, { protocol: 4 });
    expect((await events).map(({ op, value }) => [op, value])).to.deep.equal([
      ['other-gone', {}],
      ['inet-gone', { inode: 3 }],
    ]);
  });

  it('sends requests to the operation of a fake family that their header selects', async () => {
    const family = fakeFamily(read(SHAPES), {
      dump: {
        inet: () => [{ family: 2, inode: 1, cong: 'cubic' }],
        other: () => [{ family: 1, mark: 5 }],
      },
    });
    const kernel = fakeKernel(fakeFamilies(family));
    using client = shapes({ transport: kernel });
    expect(await lastValueFrom(client.list('other'))).to.deep.equal([{ family: 1, mark: 5 }]);
    expect(await lastValueFrom(client.list('inet', { qFamily: 10, code: Uint8Array.of(1) }))).to.deep.equal([
      { family: 2, state: 0, inode: 1, cong: 'cubic' },
    ]);
    expect(family.requests(kernel)).to.deep.equal([
      { op: 'other', mode: 'dump', value: { family: 1 } },
      { op: 'inet', mode: 'dump', value: { qFamily: 10, qProtocol: 6, qStates: 4095, code: Uint8Array.of(1) } },
    ]);
  });

  it('names the attribute of the request that the kernel rejects, and its object', async () => {
    const objects = 'objects: [{ name: key, operations: [lookup], words: [["key ", id]] }]\n';
    const fails = loadFamily(SHAPES + objects);
    using client = fails({ transport: fakeKernel(() => errorReply('EINVAL', { offset: 16 })) });
    const error = await firstValueFrom(client.do('lookup', { id: 5 })).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(KernelError);
    expect((error as KernelError).object).to.equal('key 5');
    expect((error as KernelError).extendedAck.attributePath).to.equal('.id');
  });

  it('describes messages in traces by the direction, and by the field that identifies the operation', () => {
    const describeMessage = messageDescriber(read(SHAPES), () => undefined);
    const described = (type: number, flags: number, ...payload: number[]): unknown[] => {
      const [message] = iterateMessages(encodeMessage({ type, flags, payload: Uint8Array.from(payload) }));
      const description = describeMessage(message!);
      return [description?.operation, description?.fixedHeaderSize, description?.describe([1])?.name];
    };
    const row = [2, 0, 0, 0, 0, 0, 0, 0, ...tlv(1, 0)];
    expect(described(20, MessageFlags.Multi, ...row)).to.deep.equal(['inet', 8, 'cong']);
    expect(described(20, MessageFlags.Request | MessageFlags.Dump, ...row)).to.deep.equal(['inet', 8, 'code']);
    expect(described(20, MessageFlags.Multi, 1, 0, 0, 0, ...tlv(1, 0))).to.deep.equal(['other', 4, 'cong']);
    expect(described(20, MessageFlags.Multi, 3, 0, 0, 0)).to.deep.equal([undefined, undefined, undefined]);
    expect(described(22, MessageFlags.Request, 1, 0, 0, 0)).to.deep.equal(['lookup', 4, undefined]);
  });
});
