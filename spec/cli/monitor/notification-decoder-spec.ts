import { expect } from 'chai';
import { Describer } from '../../../lib/cli/monitor/describer.js';
import { NotificationDecoder } from '../../../lib/cli/monitor/receive/notification-decoder.js';
import { encodeMessage, iterateMessages, MessageFlags, type Message } from '../../../lib/wire/index.js';
import { needsLittleEndian } from '../../support/host-order.js';

function message(type: number, payload: readonly number[], flags = 0, portId = 0): Message {
  const bytes = encodeMessage({ type, flags, sequence: 1, portId, payload: Uint8Array.from(payload) });
  return [...iterateMessages(bytes)][0]!;
}

/* struct ifaddrmsg (linux/if_addr.h): family, prefix length, flags, scope, index; then IFA_ADDRESS. Multicast has IFA_MULTICAST. */
const ADDRESS = [2, 24, 0x80, 0, 3, 0, 0, 0, 8, 0, 1, 0, 10, 0, 0, 1] as const;
const MULTICAST = [2, 32, 0x80, 0, 3, 0, 0, 0, 8, 0, 7, 0, 224, 0, 0, 1] as const;

describe('NotificationDecoder', () => {
  let decoder: NotificationDecoder;

  before(async function () {
    needsLittleEndian(this);
    decoder = await NotificationDecoder.load(['rt-addr', 'rt-neigh']);
  });

  it('describes a prefix that a router has announced', () => {
    // struct prefixmsg: family, 3 pads, index, type 3, length 64, flags on link and autoconf; then PREFIX_ADDRESS and PREFIX_CACHEINFO.
    const prefix = [10, 0, 0, 0, 3, 0, 0, 0, 3, 64, 3, 0];
    const address = [20, 0, 1, 0, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const times = [12, 0, 2, 0, 0x10, 0x0e, 0, 0, 0x80, 0x51, 0x01, 0];
    const event = decoder.decode(message(52, [...prefix, ...address, ...times]), 52, 'rtnetlink');
    expect(event).to.deep.include({
      topic: 'rtnetlink',
      operation: 'newprefix',
      value: { ifindex: 3, prefix: '2001:db8::/64', onLink: true, autoconf: true, preferred: 3600, valid: 86400 },
    });
    const text = new Describer().describe(event);
    expect(text).to.equal('prefix 2001:db8::/64 announced on link 3 (on link, autoconf, valid 86400 s)');
    expect(decoder.decode(message(52, prefix), 52, 'rtnetlink')).to.deep.include({ operation: 'message-52' });
  });

  it('returns topic, operation, value, flags and port ID', () => {
    const event = decoder.decode(message(20, ADDRESS, MessageFlags.Replace | MessageFlags.Create, 4711), 20, 'rtnetlink');
    expect(event).to.deep.include({ type: 'change', topic: 'addresses', operation: 'newaddr', replaced: true, created: true, port: 4711 });
    expect(event.value).to.deep.include({ ifaIndex: 3, address: '10.0.0.1' });
  });

  it('leaves the port ID out of changes that the kernel made itself', () => {
    expect(decoder.decode(message(21, ADDRESS), 21, 'rtnetlink'))
      .to.include({ operation: 'deladdr' })
      .and.not.have.property('port');
  });

  it('names memberships of multicast groups, which the specification lacks', () => {
    const { topic, operation, value } = decoder.decode(message(56, MULTICAST), 56, 'rtnetlink');
    expect({ topic, operation }).to.deep.equal({ topic: 'memberships', operation: 'newmulticast' });
    expect(value).to.include({ multicast: '224.0.0.1' });
  });

  it('distinguishes forwarding entries of bridges from neighbours', () => {
    const entry = (family: number) => decoder.decode(message(28, [family, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0]), 28, 'rtnetlink').topic;
    expect([entry(7), entry(2), entry(10)]).to.deep.equal(['fdb', 'neighbours', 'neighbours']);
  });

  it('returns the bytes of messages without a name, and the length of those that it cannot decode', () => {
    const unknown = decoder.decode(message(52, [1, 2, 3, 4]), 52, 'rtnetlink');
    expect(unknown).to.deep.include({ topic: 'rtnetlink', operation: 'message-52', value: { bytes: Uint8Array.of(1, 2, 3, 4) } });
    const broken = decoder.decode(message(20, [2, 24, 0, 0]), 20, 'rtnetlink');
    expect(broken.operation).to.equal('newaddr');
    expect(broken.value).to.have.property('error').that.is.a('string');
    expect(broken.value).to.include({ length: 4 }).and.not.have.property('bytes');
  });
});
