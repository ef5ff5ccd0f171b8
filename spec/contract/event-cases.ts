import { AttributeEncoder } from '../../lib/wire/index.js';
import { RTM, join, linkHeader } from '../support/rtnetlink.js';
import { ACKED, mtuOf, openSocket, pause, errorText, setMtu, type ContractCase } from './world.js';

const LINKS = 1;

/** Removes repeated texts, because the kernel may send several events for a change. */
const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

export const eventCases: ContractCase[] = [
  {
    title: 'sends an event only to the members of its group, and names the group in the packet info',
    run: async (world) => {
      using actor = openSocket(world);
      using member = openSocket(world);
      using other = openSocket(world);
      member.connection.join(LINKS);
      other.connection.join(33);
      actor.exchange(2, setMtu(1, 1501, 3));
      await member.until(() => member.messages().length > 0);
      await pause(30);
      return [unique(member.texts()), other.texts(), actor.texts()];
    },
    expected: [['type 16 link 1 for 0 to port 0 group 1 of 1'], [], []],
  },
  {
    title: 'sends the event of a request before its ack',
    run: (world) => {
      using socket = openSocket(world);
      socket.connection.join(LINKS);
      const texts = socket.exchange(16, setMtu(1, 1502, 3));
      return [unique(texts ?? []).map((text) => text.replace(/ to port \w+/, '')), texts?.at(-1)];
    },
    expected: [['type 16 link 1 for 0 group 1 of 1', 'error 0 for 3 capped'], 'error 0 for 3 capped'],
  },
  {
    title: 'sends no events of a group after the socket left it',
    run: async (world) => {
      using actor = openSocket(world);
      using socket = openSocket(world);
      socket.connection.join(LINKS);
      socket.connection.leave(LINKS);
      actor.exchange(2, setMtu(1, 1503, 3));
      await pause(50);
      return socket.texts();
    },
    expected: [],
  },
  {
    title: 'lists memberships in ascending order, including groups above 32',
    run: (world) => {
      using socket = openSocket(world);
      for (const group of [33, 1, 9]) socket.connection.join(group);
      socket.connection.join(9);
      socket.connection.leave(1);
      socket.connection.leave(3);
      return socket.connection.memberships();
    },
    expected: [9, 33],
  },
  {
    title: 'throws EINVAL for group 0 and for a group after the last',
    run: (world) => {
      using socket = openSocket(world);
      return [0, 1_000_000].map((group) => errorText(() => socket.connection.join(group)));
    },
    expected: ['EINVAL in joinGroup', 'EINVAL in joinGroup'],
  },
  {
    title: 'keeps the queue of a paused socket and delivers it when the socket resumes',
    run: async (world) => {
      using actor = openSocket(world);
      using socket = openSocket(world);
      socket.connection.join(LINKS);
      socket.connection.pause();
      actor.exchange(2, setMtu(1, 1504, 3));
      actor.exchange(2, setMtu(1, 1505, 4));
      await pause(50);
      const meanwhile = socket.texts().length;
      socket.connection.resume();
      await socket.until(() => socket.messages().some((message) => mtuOf(message) === 1505));
      return [meanwhile, mtuOf(socket.messages()[0]!)];
    },
    expected: [0, 1504],
  },
  {
    title: 'delivers the queued messages, then the counted loss, then new events, when the queue overruns',
    run: async (world) => {
      using actor = openSocket(world);
      using socket = openSocket(world);
      socket.connection.setBufferSize('receive', 16_384);
      socket.connection.join(LINKS);
      socket.connection.pause();
      for (let mtu = 2000; mtu < 2300; mtu++) actor.exchange(2, setMtu(1, mtu, mtu));
      socket.connection.resume();
      await socket.until(() => socket.deliveries.some(({ lost }) => lost));
      const losses = socket.deliveries.filter(({ lost }) => lost);
      const first = mtuOf(socket.messages()[0]!);
      const known = socket.messages().length;
      actor.exchange(2, setMtu(1, 3000, 1));
      await socket.until(() => socket.messages().length > known);
      return {
        first,
        known: known > 2 && known < 100,
        losses: losses.length,
        drained: losses[0]?.drained,
        counted: losses[0]?.dropped === socket.connection.drops() && socket.connection.drops() > 100,
        after: mtuOf(socket.messages()[known]!),
      };
    },
    expected: { first: 2000, known: true, losses: 1, drained: true, counted: true, after: 3000 },
  },
  {
    title: 'drops acks after an overrun until the queue is empty',
    run: async (world) => {
      using actor = openSocket(world);
      using socket = openSocket(world);
      socket.connection.setBufferSize('receive', 4096);
      socket.connection.join(LINKS);
      socket.connection.pause();
      for (let mtu = 2400; mtu < 2500; mtu++) actor.exchange(2, setMtu(1, mtu, mtu));
      socket.send({ type: RTM.NEWLINK, flags: ACKED, sequence: 77, payload: linkHeader(1) });
      socket.connection.resume();
      await socket.until(() => socket.deliveries.some(({ lost }) => lost));
      socket.send({ type: RTM.NEWLINK, flags: ACKED, sequence: 78, payload: linkHeader(1) });
      await socket.until(() => socket.messages().some(({ sequence }) => sequence === 78));
      return socket.texts().filter((text) => text.startsWith('error'));
    },
    expected: ['error 0 for 78 capped'],
  },
  {
    title: 'drops and counts only what does not fit when ENOBUFS is off',
    run: async (world) => {
      using actor = openSocket(world);
      using socket = openSocket(world);
      socket.connection.setOption('noEnobufs', true);
      socket.connection.setBufferSize('receive', 4096);
      socket.connection.join(LINKS);
      socket.connection.pause();
      for (let mtu = 2600; mtu < 2700; mtu++) actor.exchange(2, setMtu(1, mtu, mtu));
      socket.connection.resume();
      await socket.until(() => socket.deliveries.some(({ lost }) => lost));
      return socket.connection.drops() > 50;
    },
    expected: true,
  },
  {
    title: 'cuts a datagram that is longer than the buffer and reports its length',
    run: async (world) => {
      using socket = openSocket(world, { datagramSize: 4096 });
      const padding = new AttributeEncoder().bytes(20, new Uint8Array(5000)).encode();
      // The error message echoes the request.
      socket.send({ type: 0xfff0, flags: ACKED, sequence: 3, payload: join(linkHeader(), padding) });
      await socket.until(() => socket.deliveries.length > 0);
      return socket.deliveries.flatMap(({ datagrams }) => datagrams.map(({ kept, length }) => [kept, length]));
    },
    expected: [[4096, 36 + 16 + 5004]],
  },
  {
    title: 'reports no group when packet info is off',
    run: async (world) => {
      using actor = openSocket(world);
      using socket = openSocket(world);
      socket.connection.join(LINKS);
      socket.connection.setOption('packetInfo', false);
      actor.exchange(2, setMtu(1, 1506, 3));
      await socket.until(() => socket.messages().length > 0);
      const { group, sender } = socket.messages()[0]!.origin;
      return [group, sender.groups];
    },
    expected: [0, 1],
  },
  {
    title: 'delivers nothing after the socket is closed',
    run: async (world) => {
      using actor = openSocket(world);
      using socket = openSocket(world);
      socket.connection.join(LINKS);
      actor.exchange(2, setMtu(1, 1507, 3));
      socket.connection.close();
      await pause(50);
      return [socket.deliveries.length, errorText(() => socket.connection.join(1))];
    },
    expected: [0, 'EBADF in joinGroup'],
  },
];
