import { expect } from 'chai';
import { isDumpRequest, requestTraits, usualReplies, type RequestTraits } from '../../lib/exchange/index.js';
import { MessageFlags, Protocol, type MessageInit } from '../../lib/wire/index.js';

const { Request, Ack, Echo, Dump, Root, Match, Create, Exclusive, Replace, Append, NonRecursive, Bulk } = MessageFlags;

// RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK (uapi/linux/rtnetlink.h)
const [NEWLINK, DELLINK, GETLINK, SETLINK] = [16, 17, 18, 19];

describe('isDumpRequest', () => {
  const cases: readonly [string, number, number, number, boolean][] = [
    ['a GET of rtnetlink with both bits', Protocol.Route, GETLINK, Dump, true],
    ['a GET of rtnetlink with Root alone', Protocol.Route, GETLINK, Root, true],
    ['a GET of rtnetlink with Match alone', Protocol.Route, GETLINK, Match, true],
    ['a GET of rtnetlink without them', Protocol.Route, GETLINK, Ack, false],
    ['a NEW of rtnetlink that replaces or creates exclusively', Protocol.Route, NEWLINK, Replace | Exclusive, false],
    ['a DELETE of rtnetlink for several objects', Protocol.Route, DELLINK, NonRecursive | Bulk, false],
    ['a SET of rtnetlink', Protocol.Route, SETLINK, Dump, false],
    ['a NOOP on an rtnetlink socket', Protocol.Route, 1, 0, false],
    ['a generic request with both bits', Protocol.Generic, 20, Dump, true],
    ['a generic request with one bit', Protocol.Generic, 20, Root, false],
    ['a generic request that creates exclusively', Protocol.Generic, 20, Create | Exclusive | Replace, false],
    ['a netfilter request that appends', Protocol.Netfilter, 0x0a00, Append | Dump, false],
    ['a netfilter dump', Protocol.Netfilter, 0x0101, Dump, true],
  ];
  for (const [name, protocol, type, flags, expected] of cases) {
    it(`returns ${expected} for ${name}`, () => {
      expect(isDumpRequest(protocol, type, flags)).to.equal(expected);
    });
  }
});

describe('usualReplies', () => {
  const { Route, Generic, Audit, Connector, FibLookup } = Protocol;
  const cases: readonly [string, number, MessageInit, number][] = [
    ['a GET of rtnetlink', Route, { type: GETLINK }, 2],
    ['a NEW of rtnetlink', Route, { type: NEWLINK, flags: Create }, 1],
    ['a NEW of rtnetlink that asks for an echo', Route, { type: NEWLINK, flags: Create | Echo }, 2],
    ['a dump of rtnetlink', Route, { type: GETLINK, flags: Dump }, 0],
    ['a request of generic netlink', Generic, { type: 16 }, 2],
    ['a dump of generic netlink', Generic, { type: 16, flags: Dump }, 0],
    ['a query of audit, which is answered after its ack', Audit, { type: 1000 }, 0],
    ['another request of audit', Audit, { type: 1001 }, 2],
    ['a message of the connector, which never replies', Connector, { type: 3 }, 0],
    ['a lookup of routes, which sends no ack', FibLookup, { type: 0 }, 0],
    ['a request with its own sequence number', Route, { type: GETLINK, sequence: 7 }, 0],
    ['a request with its own port ID', Route, { type: GETLINK, portId: 7 }, 0],
  ];
  for (const [name, protocol, init, expected] of cases) {
    it(`returns ${expected} for ${name}`, () => {
      expect(usualReplies(protocol, init)).to.equal(expected);
    });
  }

  it('agrees with the traits of each request that it does not exclude', () => {
    for (const [, protocol, init, expected] of cases) {
      if (expected === 0) continue;
      expect(requestTraits(protocol, init, { operation: 'test' })).to.include({ endsBy: 'ack', expected, answerAfterAck: false });
    }
  });
});

describe('requestTraits', () => {
  const traits = (protocol: number, type: number, flags = 0, options = {}, inDatagram = false): RequestTraits =>
    requestTraits(protocol, { type, flags }, { operation: 'test', ...options }, inDatagram);

  it('adds Request and Ack, also to dumps', () => {
    expect(traits(Protocol.Route, NEWLINK, Create).flags).to.equal(Create | Request | Ack);
    expect(traits(Protocol.Route, GETLINK, Dump).flags).to.equal(Dump | Request | Ack);
  });

  it('omits Ack when the option is false, and within a datagram', () => {
    expect(traits(Protocol.Route, NEWLINK, 0, { ack: false }).flags).to.equal(Request);
    expect(traits(Protocol.Route, NEWLINK, 0, {}, true).flags).to.equal(Request);
  });

  const ends: readonly [string, RequestTraits, RequestTraits['endsBy']][] = [
    ['a do', traits(Protocol.Route, NEWLINK), 'ack'],
    ['a dump', traits(Protocol.Route, GETLINK, Dump), 'done'],
    ['a dump by its option', traits(Protocol.Netfilter, 1, 0, { dump: true }), 'done'],
    ['a do with the bits of a dump', traits(Protocol.Generic, 20, Dump, { dump: false }), 'ack'],
    ['a do without ack', traits(Protocol.Route, GETLINK, 0, { ack: false }), 'reply'],
    ['a dump without ack', traits(Protocol.Route, GETLINK, Dump, { ack: false }), 'done'],
    ['a request before others in its datagram', traits(Protocol.Route, NEWLINK, 0, {}, true), 'datagram'],
    ['a route lookup, which never receives an ack', traits(Protocol.FibLookup, 0), 'reply'],
    ['a route lookup with the ack option', traits(Protocol.FibLookup, 0, 0, { ack: true }), 'reply'],
    ['a connector message, which receives no reply', traits(Protocol.Connector, 3), 'sending'],
    ['a connector message with the ack option', traits(Protocol.Connector, 3, 0, { ack: true }), 'sending'],
    ['a connector message with the bits of a dump', traits(Protocol.Connector, 3, Dump), 'sending'],
    ['a connector message before others', traits(Protocol.Connector, 3, 0, {}, true), 'sending'],
  ];
  for (const [name, { endsBy }, expected] of ends) {
    it(`returns the end of ${name}`, () => {
      expect(endsBy).to.equal(expected);
    });
  }

  it('counts 832 bytes and the echo for an ack, and 4096 more for a possible reply', () => {
    expect(traits(Protocol.Route, NEWLINK).cost).to.equal(832 + 16);
    expect(traits(Protocol.Route, NEWLINK, Echo).cost).to.equal(832 + 16 + 4096);
    expect(traits(Protocol.Route, GETLINK).cost).to.equal(832 + 16 + 4096);
    expect(traits(Protocol.Generic, 20).cost).to.equal(832 + 16 + 4096);
    const payload = new Uint8Array(101);
    expect(requestTraits(Protocol.Route, { type: NEWLINK, payload }, { operation: 'test' }).cost).to.equal(832 + 16 + 104);
  });

  it('counts nothing for a dump, which waits for space, or for a request without a reply', () => {
    expect(traits(Protocol.Route, GETLINK, Dump).cost).to.equal(0);
    expect(traits(Protocol.Connector, 3).cost).to.equal(0);
  });
});
