import { expect } from 'chai';
import { fakeKernel, notification } from '../../lib/testing/index.js';
import { MessageFlags, MessageType } from '../../lib/wire/index.js';
import { drive, runVirtually } from './support.js';

const REQUEST = MessageFlags.Request | MessageFlags.Ack;
const event = (index: number): ReturnType<typeof notification> => notification(16, Uint8Array.of(index));

describe('fakeKernel() notifications and faults', () => {
  it('notifies the members of a group, and reports groups above 32', () => {
    runVirtually((flush) => {
      const kernel = fakeKernel();
      const [member, other] = [drive(kernel), drive(kernel)];
      member.connection.join(1);
      member.connection.join(33);
      expect(member.connection.memberships()).to.deep.equal([1, 33]);
      expect(kernel.notify(1, event(1))).to.equal(1);
      expect(kernel.notify(33, [event(2), event(3)])).to.equal(1);
      expect(kernel.notify(5, event(4))).to.equal(0);
      member.connection.leave(1);
      expect(kernel.notify(1, event(5))).to.equal(0);
      flush();
      expect(member.messages().map(({ group, origin, payload }) => [group, origin.sender.groups, payload[0]])).to.deep.equal([
        [1, 1, 1],
        [33, 0, 2],
        [33, 0, 3],
      ]);
      expect(member.messages().map(({ sequence, portId }) => sequence + portId)).to.deep.equal([0, 0, 0]);
      expect(other.messages()).to.have.length(0);
    });
  });

  it('reports no group without packet info', () => {
    runVirtually((flush) => {
      const kernel = fakeKernel();
      const { connection, deliveries } = drive(kernel);
      connection.join(1);
      connection.setOption('packetInfo', false);
      kernel.notify(1, event(1));
      flush();
      expect(deliveries[0]!.datagrams[0]!.origin).to.deep.equal({ group: 0, sender: { portId: 0, groups: 1 } });
    });
  });

  it('sends events of other namespaces only to sockets with listenAllNsid', () => {
    runVirtually((flush) => {
      const kernel = fakeKernel();
      const { connection, messages } = drive(kernel);
      connection.join(1);
      expect(kernel.notify(1, event(1), { nsid: 4 })).to.equal(0);
      connection.setOption('listenAllNsid', true);
      expect(kernel.notify(1, event(1), { nsid: 4 })).to.equal(1);
      flush();
      expect(messages().map(({ nsid }) => nsid)).to.deep.equal([4]);
    });
  });

  it('rejects group 0 and groups above maximumGroup', () => {
    const { connection } = drive(fakeKernel(undefined, { maximumGroup: 40 }));
    for (const group of [0, 41, 1.5]) expect(() => connection.join(group)).to.throw(/^EINVAL joinGroup/);
    connection.join(40);
  });

  it('delivers queued datagrams before an overrun, and drops new ones until the queue is read', () => {
    runVirtually((flush) => {
      const kernel = fakeKernel();
      const { connection, deliveries, messages } = drive(kernel);
      connection.join(1);
      kernel.notify(1, event(1));
      kernel.overrun({ dropped: 7 });
      expect(kernel.notify(1, event(2))).to.equal(0);
      flush();
      expect(messages().map(({ payload }) => payload[0])).to.deep.equal([1]);
      expect(deliveries.map(({ drained, lost, dropped }) => ({ drained, lost, dropped }))).to.deep.equal([
        { drained: true, lost: true, dropped: 8 },
      ]);
      expect(connection.drops()).to.equal(8);
      expect(kernel.notify(1, event(3))).to.equal(1);
      flush();
      expect(deliveries.at(-1)).to.deep.include({ lost: false, dropped: 0 });
      expect(messages().map(({ payload }) => payload[0])).to.deep.equal([1, 3]);
    });
  });

  it('overruns on its own when the socket does not read: 256 acks fill the default queue', () => {
    runVirtually((flush) => {
      const kernel = fakeKernel();
      const { connection, deliveries, messages, send } = drive(kernel);
      connection.pause();
      for (let sequence = 1; sequence <= 400; sequence++) send({ type: 16, flags: REQUEST, sequence });
      flush();
      expect(deliveries).to.have.length(0);
      connection.resume();
      flush();
      expect(messages().length).to.be.within(250, 260);
      expect(deliveries.at(-1)).to.deep.include({ drained: true, lost: true, dropped: 400 - messages().length });
      expect(deliveries.slice(0, -1).some(({ lost }) => lost)).to.equal(false);
    });
  });

  it('drops only datagrams that do not fit on a socket with noEnobufs', () => {
    runVirtually((flush) => {
      const kernel = fakeKernel();
      const { connection, deliveries } = drive(kernel);
      connection.join(1);
      connection.setOption('noEnobufs', true);
      kernel.overrun({ dropped: 3 });
      expect(kernel.notify(1, event(1))).to.equal(1);
      flush();
      expect(deliveries.at(-1)).to.deep.include({ lost: true, dropped: 3 });
      expect(connection.drops()).to.equal(3);
    });
  });

  it('truncates the next datagram, and every one larger than datagramSize', () => {
    runVirtually((flush) => {
      const kernel = fakeKernel();
      const { connection, deliveries } = drive(kernel, { datagramSize: 24 });
      connection.join(1);
      kernel.truncate({ kept: 18 });
      for (const size of [4, 4, 100]) kernel.notify(1, notification(16, new Uint8Array(size)));
      flush();
      expect(deliveries[0]!.datagrams.map(({ kept, length }) => [kept, length])).to.deep.equal([
        [18, 20],
        [20, 20],
        [24, 116],
      ]);
    });
  });

  it('delivers forged replies of another process', () => {
    runVirtually((flush) => {
      const kernel = fakeKernel(() => []);
      const { connection, messages, send } = drive(kernel);
      send({ type: 18, flags: REQUEST, sequence: 21 });
      kernel.spoof(4711, { type: 16 });
      flush();
      expect(messages().map(({ type, sequence, portId, origin }) => [type, sequence, portId, origin.sender.portId])).to.deep.equal([
        [16, 21, connection.portId, 4711],
      ]);
    });
  });

  it('delays replies and dumps', () => {
    runVirtually((flush, at) => {
      const kernel = fakeKernel();
      const { deliveries, send, exchange } = drive(kernel);
      kernel.delay(10);
      expect(exchange(1, { type: 18, flags: REQUEST })).to.equal(undefined);
      send({ type: 18, flags: MessageFlags.Request | MessageFlags.Dump });
      const counts: number[] = [];
      at(9, () => counts.push(deliveries.length));
      at(11, () => counts.push(deliveries.flatMap(({ datagrams }) => datagrams).length));
      flush();
      expect(counts).to.deep.equal([0, 2]);
      kernel.delay(0);
      expect(exchange(1, { type: 18, flags: REQUEST })?.datagrams).to.have.length(1);
    });
  });

  it('keeps the queue while a socket is paused', () => {
    runVirtually((flush) => {
      const kernel = fakeKernel();
      const { connection, messages, send } = drive(kernel);
      connection.pause();
      expect(kernel.sockets[0]!.isPaused).to.equal(true);
      send({ type: 18, flags: REQUEST });
      flush();
      expect(messages()).to.have.length(0);
      connection.resume();
      flush();
      expect(messages().map(({ type }) => type)).to.deep.equal([MessageType.Error]);
    });
  });

  it('delivers nothing to a socket that has closed', () => {
    runVirtually((flush) => {
      const kernel = fakeKernel();
      const { connection, messages, send } = drive(kernel);
      send({ type: 18, flags: REQUEST });
      connection.close();
      flush();
      expect(messages()).to.have.length(0);
    });
  });
});
