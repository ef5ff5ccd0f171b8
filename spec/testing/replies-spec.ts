import { expect } from 'chai';
import { ack, done, errorReply, fakeKernel, multipart, notification, type Reply } from '../../lib/testing/index.js';
import { MessageFlags, MessageType, type Message } from '../../lib/wire/index.js';
import { tlv } from '../schema/schemas.js';
import { host } from '../support/host-order.js';
import { drive } from './support.js';

const PAYLOAD = Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd, 0xee);

/** The header of the request below, as the kernel echoes it. */
const HEADER = [...host(21, 0, 0, 0), ...host(18, 0), ...host(5, 0), ...host(9, 0, 0, 0), ...host(1, 0, 0, 0)];

function answer(reply: Reply, options: ('cappedAck' | 'extendedAck')[] = []): Message {
  const { connection, exchange } = drive(fakeKernel(() => reply));
  for (const option of options) connection.setOption(option, true);
  const flags = MessageFlags.Request | MessageFlags.Ack;
  return exchange(4, { type: 18, flags, sequence: 9, payload: PAYLOAD })!.datagrams[0]!.messages[0]!;
}

// The layouts are those of linux/netlink.h (struct nlmsgerr, enum nlmsgerr_attrs).
describe('reply builders', () => {
  it('ack() echoes only the header, as the kernel does on success', () => {
    const { type, flags, payload } = answer(ack());
    expect([type, flags]).to.deep.equal([MessageType.Error, MessageFlags.Capped]);
    expect([...payload]).to.deep.equal([0, 0, 0, 0, ...HEADER]);
  });

  it('errorReply() echoes the whole request without padding when no attributes follow', () => {
    const { type, flags, payload } = answer(errorReply('ENOENT'));
    expect([type, flags]).to.deep.equal([MessageType.Error, 0]);
    expect([...payload]).to.deep.equal([...host(0xfe, 0xff, 0xff, 0xff), ...HEADER, ...PAYLOAD]);
  });

  it('errorReply() echoes only the header for a socket with cappedAck', () => {
    const { flags, payload } = answer(errorReply('ENOENT'), ['cappedAck']);
    expect(flags).to.equal(MessageFlags.Capped);
    expect(payload.byteLength).to.equal(4 + 16);
  });

  it('errorReply() accepts numbers of either sign and ipset numbers, but not 0', () => {
    expect([...answer(errorReply(-2)).payload.subarray(0, 4)]).to.deep.equal(host(0xfe, 0xff, 0xff, 0xff));
    expect([...answer(errorReply(4103)).payload.subarray(0, 4)]).to.deep.equal(host(0xf9, 0xef, 0xff, 0xff));
    expect(() => errorReply(0)).to.throw(RangeError, /ack\(\)/);
  });

  it('errorReply() and done() reject unknown names of errors', () => {
    const misspelt = 'EPREM' as 'EPERM';
    expect(() => errorReply(misspelt)).to.throw(TypeError, "'EPREM'");
    expect(() => done(misspelt)).to.throw(TypeError, "'EPREM'");
  });

  it('errorReply() puts extended-ack attributes after the aligned end of the request', () => {
    const reply = errorReply('EINVAL', {
      message: 'No',
      offset: 32,
      cookie: Uint8Array.of(1, 2, 3),
      missingType: 7,
      missingNest: 24,
      policy: Uint8Array.of(8, 0, 1, 0, 5, 0, 0, 0),
    });
    const { flags, payload } = answer(reply, ['extendedAck']);
    expect(flags).to.equal(MessageFlags.AckAttributes);
    // prettier-ignore
    expect([...payload]).to.deep.equal([
      ...host(0xea, 0xff, 0xff, 0xff), ...HEADER, ...PAYLOAD, 0, 0, 0,
      ...tlv(1, 0x4e, 0x6f, 0),
      ...tlv(2, ...host(32, 0, 0, 0)),
      ...tlv(3, 1, 2, 3),
      ...tlv(5, ...host(7, 0, 0, 0)),
      ...tlv(6, ...host(24, 0, 0, 0)),
      ...tlv(0x8004, 8, 0, 1, 0, 5, 0, 0, 0),
    ]);
  });

  it('errorReply() omits attributes for sockets without extendedAck, unless attributes is true', () => {
    expect(answer(errorReply('EINVAL', { message: 'No' })).flags).to.equal(0);
    expect(answer(errorReply('EINVAL', { message: 'No', attributes: true, capped: true })).flags).to.equal(
      MessageFlags.AckAttributes | MessageFlags.Capped,
    );
    expect(answer(errorReply('EINVAL', { message: 'No', attributes: false }), ['extendedAck']).flags).to.equal(0);
  });

  it('ack() may carry a warning', () => {
    const { flags, payload } = answer(ack({ message: 'hm' }), ['extendedAck']);
    expect(flags).to.equal(MessageFlags.Capped | MessageFlags.AckAttributes);
    expect([...payload.subarray(20)]).to.deep.equal(tlv(1, 0x68, 0x6d, 0));
  });

  it('done() holds the error number, then the attributes', () => {
    expect([...answer(done()).payload]).to.deep.equal([0, 0, 0, 0]);
    const { type, flags, payload } = answer(done('ENODEV', { message: 'no' }), ['extendedAck']);
    expect([type, flags]).to.deep.equal([MessageType.Done, MessageFlags.Multi | MessageFlags.AckAttributes]);
    expect([...payload]).to.deep.equal([...host(0xed, 0xff, 0xff, 0xff), ...tlv(1, 0x6e, 0x6f, 0)]);
  });

  it('multipart() flags its rows and keeps their own flags', () => {
    const [row] = multipart([{ type: 16, flags: MessageFlags.DumpFiltered }]);
    expect(row).to.deep.include({ type: 16, flags: MessageFlags.Multi | MessageFlags.DumpFiltered });
    expect(multipart([])).to.have.length(1);
  });

  it('notification() has sequence number 0, or that of the request that caused it', () => {
    const payload = Uint8Array.of(1);
    expect(notification(16, payload)).to.deep.equal({ type: 16, flags: 0, sequence: 0, portId: 0, payload });
    expect(notification(24, payload, { flags: 0x100, sequence: 4, portId: 5 })).to.deep.include({ flags: 0x100, sequence: 4, portId: 5 });
  });
});
