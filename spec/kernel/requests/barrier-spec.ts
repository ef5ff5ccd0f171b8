import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { AttributeEncoder, AttributeReader, MessageFlags, MessageType, Protocol, type NetlinkSocket } from '../../../lib/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { RTM, RTNLGRP, join, newRoute } from '../../support/rtnetlink.js';
import { collect, pause, until, useSockets } from '../../support/sockets.js';

const ROUNDS = 40;
const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const NFNLGRP_NFTABLES = 7;

const barrier = { type: MessageType.Noop, flags: MessageFlags.Request | MessageFlags.Ack };

/** The only way to detect that all events before a point have been read. */
describe('NOOP with ACK', () => {
  const namespace = useNamespace();
  const open = useSockets();

  const openAt = (protocol: number, groups: number[] = []) => open({ protocol, netns: namespace().path, groups });

  /**
   * Makes events, each followed by a barrier, while nothing is read; then reads all.
   *
   * @returns The number of events before each ack, and after the last.
   */
  async function eventsBetweenBarriers(socket: NetlinkSocket, cause: (round: number) => Promise<unknown>): Promise<number[]> {
    const received = collect(socket);
    await pause();
    received.values.length = 0;
    socket.pause();
    const acks = new Set<number>();
    for (let round = 0; round < ROUNDS; round++) {
      await cause(round);
      acks.add(socket.send(barrier).sequence);
    }
    expect(received.values).to.have.length(0);
    socket.resume();
    const isAck = ({ type, sequence }: { type: number; sequence: number }) => type === MessageType.Error && acks.has(sequence);
    await until('all acks', () => received.values.filter(isAck).length === ROUNDS);
    const counts: number[] = [0];
    for (const message of received.values) {
      if (isAck(message)) counts.push(0);
      else counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
    }
    return counts;
  }

  const expected = [...Array.from({ length: ROUNDS }, () => 1), 0];

  it('is acknowledged in order among route events', async () => {
    const actor = openAt(Protocol.Route);
    actor.connect();
    const counts = await eventsBetweenBarriers(openAt(Protocol.Route, [RTNLGRP.IPV4_ROUTE]), async (round) => {
      await lastValueFrom(actor.request(newRoute(`192.0.2.${String(round)}`, 1)).pipe(toArray()));
    });
    expect(counts).to.deep.equal(expected);
  });

  it('is acknowledged in order among netfilter events', async function () {
    const actor = openAt(Protocol.Netfilter);
    actor.connect();
    const nfgen = Uint8Array.of(2, 0, 0, 0);
    const batch = Uint8Array.of(0, 0, 0, 10);
    const NEWTABLE = 10 << 8;
    const create = (name: string) =>
      lastValueFrom(
        actor
          .transact([
            { type: 16, payload: batch },
            { type: NEWTABLE, flags: MessageFlags.Create, payload: join(nfgen, new AttributeEncoder().string(1, name).encode()) },
            { type: 17, payload: batch },
          ])
          .pipe(toArray()),
      );
    try {
      await create('first');
    } catch (error) {
      skipBecause(this, 'this kernel has no nf_tables', error);
    }
    const socket = openAt(Protocol.Netfilter, [NFNLGRP_NFTABLES]);
    const counts = await eventsBetweenBarriers(socket, (round) => create(`t${String(round)}`));
    // The kernel sends the table and the new generation of a transaction in one datagram.
    expect(counts).to.deep.equal(expected.map((count) => 2 * count));
  });

  it('is acknowledged in order among generic events', async function () {
    const control = openAt(Protocol.Generic);
    control.connect();
    const getFamily = join(Uint8Array.of(CTRL_CMD_GETFAMILY, 1, 0, 0), new AttributeEncoder().string(2, 'netdev').encode());
    const family = await lastValueFrom(control.request({ type: GENL_ID_CTRL, payload: getFamily })).catch((error: unknown) =>
      skipBecause(this, 'this kernel has no netdev family, whose events the spec causes', error),
    );
    // CTRL_ATTR_MCAST_GROUPS 7: a list of nests with CTRL_ATTR_MCAST_GRP_NAME 1 and _ID 2
    const groups = [...(new AttributeReader(family.payload, { start: 4 }).find(7)?.attributes() ?? [])].map((one) => one.attributes());
    const group = groups
      .find((one) => one.find(1)?.string() === 'mgmt')
      ?.find(2)
      ?.uint32();
    const actor = openAt(Protocol.Route);
    actor.connect();
    const counts = await eventsBetweenBarriers(openAt(Protocol.Generic, [group ?? 0]), (round) => {
      namespace().ip(`link add g${String(round)} type bridge`);
      return Promise.resolve();
    });
    expect(counts).to.deep.equal(expected);
  });

  it('is not passed to the route family, which rejects unknown types', async () => {
    const socket = openAt(Protocol.Route);
    expect(await lastValueFrom(socket.request({ type: MessageType.Noop }).pipe(toArray()))).to.deep.equal([]);
    const refused = await lastValueFrom(socket.request({ type: RTM.NEWLINK + 4000 })).catch((error: unknown) => error);
    expect(refused).to.include({ code: 'EOPNOTSUPP' });
  });

  it('has its order only on the stream: as a request it can complete before earlier events are emitted', async () => {
    const socket = openAt(Protocol.Route);
    const actor = openAt(Protocol.Route);
    actor.connect();
    const order: string[] = [];
    const subscription = socket.subscribe(({ type }) => order.push(type === MessageType.Error ? 'ack' : 'event'));
    socket.joinGroup(RTNLGRP.IPV4_ROUTE);
    await lastValueFrom(actor.request(newRoute('192.0.2.200', 1)).pipe(toArray()));
    await lastValueFrom(socket.request(barrier).pipe(toArray()));
    await until('the ack', () => order.includes('ack'));
    expect(order).to.deep.equal(['event', 'ack']);
    subscription.unsubscribe();
  });
});
