import { expect } from 'chai';
import { Policy } from '../../lib/fleet/remote/policy/policy.js';
import type { RemotePolicy } from '../../lib/fleet/remote/policy/policy-options.js';
import { messagesIn } from '../../lib/fleet/remote/datagram-check.js';
import { isRead, type FamilySchema, type OperationSchema } from '../../lib/schema/index.js';
import { AttributeEncoder, MessageFlags, encodeMessage } from '../../lib/wire/index.js';
import { loadSchemas } from '../codegen/generated.js';

const schemas = await loadSchemas();
const REQUEST = MessageFlags.Request | MessageFlags.Ack;

/** The numbers that a kernel could have assigned to the generic families: from 32, in their order. */
const generic = schemas.filter((schema) => schema.generic !== undefined);
const names = {
  familyOf: (type: number): string | undefined => (type === 16 ? 'nlctrl' : generic[type - 32]?.name),
  groupOf: (): undefined => undefined,
};

/** Every request of every family: its numbers, as it is on the wire. */
const requests = schemas.flatMap((schema) =>
  schema.operations
    .filter((one) => one.do !== undefined || one.dump !== undefined)
    .map((operation) => {
      const mode = operation.do === undefined ? 'dump' : 'do';
      const number = operation[mode]!.request;
      const assigned = schema.name === 'nlctrl' ? 16 : 32 + generic.indexOf(schema);
      const header = headerOf(schema, operation, operation[mode]!.input?.fixedHeader ?? operation.fixedHeader);
      const payload = Uint8Array.from([...(schema.generic === undefined ? [] : [number, 1, 0, 0]), ...header]);
      return { schema, name: operation.name, type: schema.generic === undefined ? number : assigned, payload };
    }),
);

/** Returns a header of zeros, except for the field that identifies the operation. */
function headerOf({ structs }: FamilySchema, { when }: OperationSchema, name: string | undefined): Uint8Array {
  const struct = structs.find((one) => one.name === name);
  const header = new Uint8Array(struct?.size ?? 0);
  const member = struct?.members.find(({ property }) => property === (when?.requestProperty ?? when?.property));
  // The first byte of a number is the lowest one on this machine; the fields have one byte, or small numbers.
  if (when !== undefined && member !== undefined) header[member.offset] = when.values[0]!;
  return header;
}

async function rejectionOf(
  policy: RemotePolicy,
  protocol: number,
  type: number,
  payload: Uint8Array,
  flags = REQUEST,
): Promise<string | undefined> {
  return (await Policy.load('web-1', policy)).refusedMessage(protocol, { type, flags, payload }, names);
}

describe('the policy of a host', () => {
  it('refuses every request that writes, of all families, without options', async () => {
    const policy = await Policy.load('web-1', {});
    const writes = requests.filter(({ schema, name }) => !isRead(schema, name));
    expect(writes.length).to.be.greaterThan(200);
    for (const { schema, name, type, payload } of writes) {
      for (const flags of [REQUEST, REQUEST | MessageFlags.Dump]) {
        expect(policy.refusedMessage(schema.protocol, { type, flags, payload }, names), `${schema.source} ${name}`).to.be.a('string');
      }
    }
  });

  it('refuses every request that writes with a pattern for all that reads', async () => {
    const policy = await Policy.load('web-1', { families: { '*': ['*'] } });
    for (const { schema, name, type, payload } of requests) {
      if (isRead(schema, name)) continue;
      expect(policy.refusedMessage(schema.protocol, { type, flags: REQUEST, payload }, names), `${schema.source} ${name}`).to.be.a(
        'string',
      );
    }
  });

  it('allows every request that only reads with a pattern for all', async () => {
    const policy = await Policy.load('web-1', { families: { '*': ['*'] } });
    const refused = requests
      .filter(({ schema, name }) => isRead(schema, name))
      .filter(
        ({ schema, type, payload }) => policy.refusedMessage(schema.protocol, { type, flags: REQUEST, payload }, names) !== undefined,
      );
    // Its request has the number of one that registers a listener.
    expect(refused.map(({ schema, name }) => `${schema.source} ${name}`)).to.deep.equal(['taskstats get']);
  });

  it('allows the reading of links, addresses, routes, qdiscs, sockets and families without options', async () => {
    const policy = await Policy.load('web-1', {});
    const allowed = requests.filter(
      ({ schema, type, payload }) => policy.refusedMessage(schema.protocol, { type, flags: REQUEST, payload }, names) === undefined,
    );
    const found = allowed.map(({ schema, name }) => `${schema.source} ${name}`);
    expect(found).to.include.members([
      'rt-link getlink',
      'rt-addr getaddr',
      'rt-route getroute',
      'tc getqdisc',
      'sock_diag inet',
      'nlctrl getfamily',
    ]);
    expect(new Set(allowed.map(({ schema }) => schema.protocol))).to.deep.equal(new Set([0, 4, 16]));
  });

  it('allows what its lists name, and nothing beside it', async () => {
    const policy = { families: { 'rt-link': ['getlink'] }, write: { 'rt-route': ['newroute'] } };
    const header = new Uint8Array(16);
    expect(await rejectionOf(policy, 0, 18, header)).to.equal(undefined);
    expect(await rejectionOf(policy, 0, 24, header)).to.equal(undefined);
    expect(await rejectionOf(policy, 0, 25, header)).to.equal(
      "the policy of host 'web-1' does not allow delroute of rt-route; allow it with write: { 'rt-route': ['delroute'] }",
    );
    expect(await rejectionOf(policy, 0, 26, header)).to.include("allow it with families: { 'rt-route': ['getroute'] }");
    expect(await rejectionOf(policy, 0, 22, header)).to.equal(
      "the policy of host 'web-1' does not allow message type 22 of netlink protocol 0; add the family to its families or to its write",
    );
  });

  it('allows the barrier of a live collection, and no message that is not a request', async () => {
    expect(await rejectionOf({}, 0, 1, new Uint8Array(0))).to.equal(undefined);
    expect(await rejectionOf({}, 0, 18, new Uint8Array(16), 0)).to.equal('the message is not a request');
  });

  it('allows the frame of a transaction when it allows a write in it', async () => {
    const policy = await Policy.load('web-1', { write: { nftables: ['newrule'] } });
    const header = Uint8Array.of(0, 0, 0, 10);
    for (const type of [16, 17, 0xa06])
      expect(policy.refusedMessage(12, { type, flags: REQUEST, payload: header }, names)).to.equal(undefined);
    expect(policy.refusedMessage(12, { type: 0xa08, flags: REQUEST, payload: header }, names)).to.include('delrule of nftables');
  });

  it('refuses an operation that shares its number with one that it does not allow', async () => {
    const { type, payload } = requests.find(({ schema, name }) => schema.source === 'taskstats' && name === 'get')!;
    expect(await rejectionOf({ families: { taskstats: ['get'] } }, 16, type, payload)).to.include('register of taskstats');
  });

  // The example of RemotePolicy. Bytes: struct rtmsg with AF_INET (2), struct rtcanmsg with AF_CAN (29) and CGW_TYPE_CAN_CAN (1).
  const ROUTE = Uint8Array.of(2, 24, ...new Uint8Array(10));
  const GATEWAY = Uint8Array.of(29, 1, 0, 0);

  it('allows routes beside a pattern for the families of rtnetlink, and not the jobs of the CAN gateway', async () => {
    const policy = await Policy.load('web-1', {
      families: { 'rt-*': ['get*'], nftables: ['get*'] },
      write: { 'rt-route': ['newroute', 'delroute'] },
      netns: ['blue*'],
    });
    const rejection = (type: number, payload: Uint8Array): string | undefined =>
      policy.refusedMessage(0, { type, flags: REQUEST, payload }, names);
    for (const type of [24, 25, 26]) expect(rejection(type, ROUTE), String(type)).to.equal(undefined);
    expect(rejection(24, GATEWAY)).to.include('does not allow newroute of rt-cangw');
    expect(rejection(25, GATEWAY)).to.include('does not allow delroute of rt-cangw');
    expect(rejection(26, GATEWAY)).to.equal(undefined);
  });

  it('keeps routes and the jobs of the CAN gateway apart', async () => {
    const routes = { families: {}, write: { 'rt-route': ['newroute'] } };
    expect(await rejectionOf(routes, 0, 24, ROUTE)).to.equal(undefined);
    expect(await rejectionOf(routes, 0, 24, GATEWAY)).to.include("allow it with write: { 'rt-cangw': ['newroute'] }");
    const jobs = { families: {}, write: { 'rt-cangw': ['newroute'] } };
    expect(await rejectionOf(jobs, 0, 24, GATEWAY)).to.equal(undefined);
    for (const payload of [ROUTE, new Uint8Array(0)]) expect(await rejectionOf(jobs, 0, 24, payload)).to.include('message type 24');
    const none = await Policy.load('web-1', { families: { 'rt-route': [] } });
    expect(none.refusedProtocol(0)).to.include('allows no family of netlink protocol 0');
    expect(none.refusedGroup(0, 7, undefined)).to.be.a('string');
  });

  describe('for one kind of sockets', () => {
    const padded = (size: number, ...bytes: number[]): Uint8Array => Uint8Array.from([...bytes, ...new Uint8Array(size - bytes.length)]);
    // INET_DIAG_REQ_PROTOCOL (3) with IPPROTO_MPTCP (262) and with IPPROTO_TCP (6); INET_DIAG_REQ_BYTECODE (1).
    const mptcp = new AttributeEncoder().uint32(3, 262).encode();
    const tcp = new AttributeEncoder().uint32(3, 6).encode();
    const bytecode = new AttributeEncoder().bytes(1, new Uint8Array(4)).encode();
    const inet = (protocol: number, ...attributes: Uint8Array[]): Uint8Array =>
      Uint8Array.from([...padded(56, 2, protocol), ...attributes.flatMap((one) => [...one])]);
    /** The dumps as ss sends them: the family of linux/socket.h, then the struct of each (linux/inet_diag.h and others). */
    const dumps: Readonly<Record<string, readonly Uint8Array[]>> = {
      inet: [inet(6), inet(17), padded(56, 10, 6), inet(6, bytecode)],
      mptcp: [inet(6, mptcp), inet(6, bytecode, mptcp)],
      sctp: [inet(132)],
      unix: [padded(24, 1)],
      netlink: [padded(20, 16)],
      packet: [padded(20, 17)],
      vsock: [padded(24, 40)],
      xdp: [padded(20, 44)],
      smc: [padded(52, 43)],
      tipc: [padded(8, 30)],
    };

    for (const name of Object.keys(dumps))
      it(`allows dumps of ${name}, and refuses those of others`, async () => {
        const policy = await Policy.load('web-1', { families: { sock_diag: [name] } });
        for (const [other, payloads] of Object.entries(dumps)) {
          for (const payload of payloads) {
            const text = policy.refusedMessage(4, { type: 20, flags: REQUEST | MessageFlags.Dump, payload }, names);
            if (other === name) expect(text, other).to.equal(undefined);
            else expect(text, other).to.include(`does not allow ${other} of sock_diag`);
          }
        }
      });

    it('refuses a dump whose attribute selects other sockets than its header', async () => {
      for (const payload of [
        inet(132, tcp),
        inet(132, mptcp),
        inet(6, mptcp, tcp),
        inet(6, Uint8Array.of(255, 0, 3, 0)),
        padded(2, 2, 6),
      ]) {
        for (const name of ['inet', 'mptcp', 'sctp']) {
          const text = await rejectionOf({ families: { sock_diag: [name] } }, 4, 20, payload, REQUEST | MessageFlags.Dump);
          expect(text, `${name} ${String(payload)}`).to.be.a('string');
        }
        const all = { families: { sock_diag: ['inet', 'mptcp', 'sctp'] } };
        expect(await rejectionOf(all, 4, 20, payload, REQUEST | MessageFlags.Dump)).to.equal(undefined);
      }
    });
  });

  it('distinguishes a deletion from the flush with its number', async () => {
    const nftables = (type: number, family: number, ...ids: readonly number[]): [number, number, Uint8Array] => {
      const attributes = new AttributeEncoder();
      for (const id of ids) attributes.string(id, 'x');
      return [12, 0xa00 + type, Uint8Array.from([family, 0, 0, 0, ...attributes.encode()])];
    };
    const [table, chain, handle, elements] = [1, 2, 3, 3];
    const rules = { write: { nftables: ['delrule'] } };
    expect(await rejectionOf(rules, ...nftables(8, 2, table, chain, handle))).to.equal(undefined);
    expect(await rejectionOf(rules, ...nftables(8, 2, table, chain))).to.contain('does not allow flushchain of nftables');
    // The kernel does not look at the handle without a chain.
    expect(await rejectionOf(rules, ...nftables(8, 2, table, handle))).to.contain('does not allow flushtable of nftables');
    expect(await rejectionOf({ write: { nftables: ['flushchain'] } }, ...nftables(8, 2, table, chain, handle))).to.contain('delrule');
    const tables = { write: { nftables: ['deltable'] } };
    expect(await rejectionOf(tables, ...nftables(2, 2, table))).to.equal(undefined);
    for (const request of [nftables(2, 2), nftables(2, 0, table)])
      expect(await rejectionOf(tables, ...request)).to.contain('does not allow flushruleset of nftables');
    const set = { write: { nftables: ['delsetelem'] } };
    expect(await rejectionOf(set, ...nftables(14, 2, table, 2, elements))).to.equal(undefined);
    expect(await rejectionOf(set, ...nftables(14, 2, table, 2))).to.contain('does not allow flushset of nftables');
    const conntrack = (...ids: readonly number[]): [number, number, Uint8Array] => [12, 258, nftables(0, 2, ...ids)[2]];
    const connections = { write: { conntrack: ['delete'] } };
    expect(await rejectionOf(connections, ...conntrack(1))).to.equal(undefined);
    // CTA_MARK alone, and CTA_FILTER beside a tuple.
    for (const request of [conntrack(8), conntrack(1, 25)])
      expect(await rejectionOf(connections, ...request)).to.contain('does not allow flush of conntrack');
    const broken: [number, number, Uint8Array] = [12, 258, Uint8Array.from([2, 0, 0, 0, 3, 0, 1, 0])];
    expect(await rejectionOf(connections, ...broken)).to.be.a('string');
  });

  it('refuses a request that reads another namespace, also with a short header', async () => {
    const attribute = new AttributeEncoder().int32(46, 3).encode();
    const other = (header: number): Uint8Array => Uint8Array.from([...new Uint8Array(header), ...attribute]);
    for (const size of [16, 4])
      expect(await rejectionOf({}, 0, 18, other(size))).to.include('does not allow requests about other network namespaces');
    expect(await rejectionOf({}, 0, 18, new Uint8Array(4))).to.equal(undefined);
    expect(await rejectionOf({ netns: ['*'] }, 0, 18, other(16))).to.equal(undefined);
  });

  it('refuses protocols, namespaces and groups that it does not name', async () => {
    const policy = await Policy.load('web-1', { families: { 'rt-link': ['getlink'], conntrack: ['get'] }, netns: ['blue-*'] });
    expect(policy.refusedProtocol(0)).to.equal(undefined);
    expect(policy.refusedProtocol(4)).to.equal(
      "the policy of host 'web-1' allows no family of netlink protocol 4; add one to its families",
    );
    expect(policy.refusedNamespace('blue-1')).to.equal(undefined);
    for (const name of ['blue', 'xblue-1', 'red'])
      expect(policy.refusedNamespace(name)).to.include(`does not allow network namespace '${name}'`);
    expect(policy.refusedGroup(0, 7, undefined)).to.equal(undefined);
    expect(policy.refusedGroup(12, 1, undefined)).to.equal(undefined);
    expect(policy.refusedGroup(12, 7, undefined)).to.include('does not allow multicast group 7 of netlink protocol 12');
    const few = await Policy.load('web-1', { groups: { 'rt-link': ['rtnlgrp-link'] } });
    expect(few.refusedGroup(0, 1, undefined)).to.equal(undefined);
    expect(few.refusedGroup(0, 7, undefined)).to.be.a('string');
  });

  for (const [title, policy, text] of [
    ['an unknown family', { families: { 'rt-lnk': ['get*'] } }, "policy.families: family 'rt-lnk' is not known; did you mean rt-link?"],
    ['an unknown operation', { families: { 'rt-link': ['getlnk'] } }, "rt-link has no operation 'getlnk'; did you mean getlink?"],
    ['a write among the reads', { families: { 'rt-link': ['newlink'] } }, 'newlink of rt-link writes: list it in policy.write'],
    ['a read among the writes', { write: { 'rt-link': ['getlink'] } }, 'getlink of rt-link only reads: list it in policy.families'],
    ['an unknown group', { groups: { 'rt-link': ['link'] } }, "rt-link has no group 'link'"],
    ['an unknown option', { reads: {} }, 'reads'],
    ['a text instead of a list', { families: { 'rt-link': 'get*' } }, "policy.families['rt-link'] must be an array of names"],
  ] as const)
    it(`rejects ${title}`, async () => {
      const error: unknown = await Policy.load('web-1', policy as unknown as RemotePolicy).catch((reason: unknown) => reason);
      expect(error).to.be.an.instanceOf(TypeError);
      expect((error as Error).message).to.include(text);
    });
});

describe('messagesIn()', () => {
  const message = encodeMessage({ type: 18, flags: REQUEST, payload: new Uint8Array(16) });

  it('splits a datagram into its messages', () => {
    const both = Uint8Array.from([...message, ...encodeMessage({ type: 16, flags: REQUEST, payload: Uint8Array.of(1) })]);
    expect(messagesIn(both)!.map(({ type, payload }) => [type, payload.length])).to.deep.equal([
      [18, 16],
      [16, 1],
    ]);
  });

  it('accepts no bytes besides messages', () => {
    const wrong = (length: number): Uint8Array => {
      const bytes = message.slice();
      new DataView(bytes.buffer).setUint32(0, length, true);
      return bytes;
    };
    for (const bytes of [
      new Uint8Array(0),
      new Uint8Array(15),
      wrong(0),
      wrong(15),
      wrong(33),
      wrong(0xffff_fff0),
      wrong(28),
      Uint8Array.from([...message, 0, 0, 0, 0]),
    ]) {
      expect(messagesIn(bytes), String(bytes)).to.equal(undefined);
    }
  });
});
