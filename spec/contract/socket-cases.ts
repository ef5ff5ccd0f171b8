import type { SocketOption } from '../../lib/socket/transport/transport.js';
import { Protocol, encodeMessages } from '../../lib/wire/index.js';
import { isReadable } from '../support/features.js';
import { openSocket, pause, errorText, type ContractCase, type ContractSocket } from './world.js';

const OPTIONS: readonly SocketOption[] = [
  'packetInfo',
  'broadcastError',
  'noEnobufs',
  'listenAllNsid',
  'cappedAck',
  'extendedAck',
  'strictCheck',
];
const HELLO = encodeMessages([{ type: 40, payload: Uint8Array.of(1, 2, 3, 4) }]);

export const socketCases: ContractCase[] = [
  {
    title: 'gives each socket its own port ID',
    run: (world) => {
      using one = openSocket(world);
      using two = openSocket(world);
      return [one.connection.portId > 0, two.connection.portId > 0, one.connection.portId !== two.connection.portId];
    },
    expected: [true, true, true],
  },
  {
    title: 'gives a requested port ID once in a protocol, and again when it is free',
    run: (world) => {
      const portId = 0x6abcde01;
      const first = openSocket(world, { portId });
      const seen = [first.connection.portId === portId, errorText(() => openSocket(world, { portId }))];
      using elsewhere = openSocket(world, { portId, protocol: Protocol.Generic });
      seen.push(elsewhere.connection.portId === portId);
      first.connection.close();
      using again = openSocket(world, { portId });
      return [...seen, again.connection.portId === portId];
    },
    expected: [true, 'EADDRINUSE in open', true, true],
  },
  {
    title: 'opens with all options off except packet info, and keeps options as they are set',
    run: (world) => {
      using socket = openSocket(world);
      const { connection } = socket;
      const readable = OPTIONS.filter((option) => isReadable(connection, option));
      const before = readable.filter((option) => connection.getOption(option));
      for (const option of OPTIONS) connection.setOption(option, true);
      const off = readable.filter((option) => !connection.getOption(option));
      connection.setOption('cappedAck', false);
      return [before, off, connection.getOption('cappedAck')];
    },
    expected: [['packetInfo'], [], false],
  },
  {
    title: 'doubles the requested size of a buffer, and keeps a minimum',
    run: (world) => {
      using socket = openSocket(world);
      const { connection } = socket;
      return (['receive', 'send'] as const).map((buffer) =>
        [50_000, 1].map((bytes) => {
          connection.setBufferSize(buffer, bytes);
          return connection.getBufferSize(buffer);
        }),
      );
    },
    expected: [
      [100_000, 2304],
      [100_000, 4608],
    ],
  },
  {
    title: 'sends from one usersock socket to another by port ID',
    run: async (world) => {
      using one = openSocket(world, { protocol: Protocol.UserSock });
      using two = openSocket(world, { protocol: Protocol.UserSock });
      const sent = one.connection.send(HELLO, HELLO.byteLength, { portId: two.connection.portId });
      await two.until(() => two.messages().length === 1);
      const [message] = two.messages();
      return [sent, message?.type, message?.group, message?.origin.sender.portId === one.connection.portId, one.texts()];
    },
    expected: [true, 40, 0, true, []],
  },
  {
    title: 'throws ECONNREFUSED when no socket has the port ID',
    run: (world) => {
      using socket = openSocket(world, { protocol: Protocol.UserSock });
      return errorText(() => socket.connection.send(HELLO, HELLO.byteLength, { portId: 0x6abcde02 }));
    },
    expected: 'ECONNREFUSED in send',
  },
  {
    title: 'asks the sender to try again while the queue of the receiver is full',
    run: async (world) => {
      using one = openSocket(world, { protocol: Protocol.UserSock });
      using two = openSocket(world, { protocol: Protocol.UserSock });
      two.connection.setBufferSize('receive', 4096);
      two.connection.pause();
      const to = { portId: two.connection.portId };
      let sent = 0;
      while (sent < 1000 && one.connection.send(HELLO, HELLO.byteLength, to)) sent++;
      two.connection.resume();
      await two.until(() => two.messages().length === sent);
      const again = one.connection.send(HELLO, HELLO.byteLength, to);
      await two.until(() => two.messages().length === sent + 1);
      return [sent > 2 && sent < 100, again, two.connection.drops(), two.deliveries.some(({ lost }) => lost)];
    },
    expected: [true, true, 0, false],
  },
  {
    title: 'sends to a group and a port ID once to each socket, and not to the sender',
    run: async (world) => {
      const sockets = [1, 2, 3].map(() => openSocket(world, { protocol: Protocol.UserSock }));
      const [one, two, three] = sockets as [ContractSocket, ContractSocket, ContractSocket];
      for (const { connection } of sockets) connection.join(3);
      one.connection.send(HELLO, HELLO.byteLength, { portId: two.connection.portId, groups: 0b1100 });
      await three.until(() => three.messages().length === 1);
      await two.until(() => two.messages().length === 1);
      await pause(30);
      const seen = sockets.map(({ messages }) => messages().map(({ group, origin }) => [group, origin.sender.groups]));
      for (const { connection } of sockets) connection.close();
      return seen;
    },
    expected: [[], [[3, 4]], [[3, 4]]],
  },
  {
    title: 'sends to a group without an error when the kernel has no socket for the protocol',
    run: async (world) => {
      using one = openSocket(world, { protocol: Protocol.UserSock });
      using two = openSocket(world, { protocol: Protocol.UserSock });
      two.connection.join(3);
      const sent = one.connection.send(HELLO, HELLO.byteLength, { portId: 0, groups: 0b100 });
      await two.until(() => two.messages().length === 1);
      return sent;
    },
    expected: true,
  },
  {
    title: 'throws EBADF after the socket is closed',
    run: (world) => {
      const { connection } = openSocket(world);
      connection.close();
      connection.close();
      return [
        errorText(() => connection.send(HELLO, HELLO.byteLength)),
        errorText(() => connection.exchange(HELLO, HELLO.byteLength, 1)),
        errorText(() => {
          connection.setOption('cappedAck', true);
        }),
      ];
    },
    expected: ['EBADF in send', 'EBADF in send', 'EBADF in setOption'],
  },
  {
    title: 'runs deferred work after the current turn',
    run: async (world) => {
      const order: string[] = [];
      world.transport.defer(() => order.push('later'));
      await Promise.resolve();
      order.push('now');
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      return order;
    },
    expected: ['now', 'later'],
  },
];
