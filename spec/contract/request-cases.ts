import { AttributeEncoder, MessageFlags, MessageType, decodeAck, encodeMessages, hostIsLittleEndian } from '../../lib/wire/index.js';
import { RTM, join, linkHeader } from '../support/rtnetlink.js';
import { ACKED, REQUEST, dumpLinks, errnoOf, getLink, mtuOf, openSocket, pause, errorText, setMtu, type ContractCase } from './world.js';

const MISSING_LINK = 0x7ffffff0;
const DUMP_ACKED = ACKED | MessageFlags.Dump;

/** A table of routes that does not exist (RTA_TABLE 15): with strict checking the kernel rejects its dump. */
const missingTable = (sequence: number): { type: number; flags: number; sequence: number; payload: Uint8Array } => ({
  ...{ type: RTM.GETROUTE, flags: DUMP_ACKED, sequence },
  payload: join(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), new AttributeEncoder().uint32(15, 12_345).encode()),
});

/** An MTU of two bytes. */
const shortMtu = {
  type: RTM.NEWLINK,
  flags: ACKED,
  sequence: 9,
  payload: join(linkHeader(1), new AttributeEncoder().uint16(4, 1).encode()),
};

export const requestCases: ContractCase[] = [
  {
    title: 'answers a request while it is sent: the reply, then the ack, each in its own datagram',
    run: (world) => {
      using socket = openSocket(world);
      return socket.exchange(4, getLink(1, 5));
    },
    expected: ['type 16 link 1 for 5', 'error 0 for 5 capped'],
  },
  {
    title: 'sends only the reply, if there is one, when a request has no ack flag',
    run: (world) => {
      using socket = openSocket(world);
      return [socket.exchange(4, getLink(1, 5, REQUEST)), socket.exchange(4, setMtu(1, 60_000, 6, REQUEST))];
    },
    expected: [['type 16 link 1 for 5'], undefined],
  },
  {
    title: 'applies a request before the next one',
    run: async (world) => {
      using actor = openSocket(world);
      using socket = openSocket(world);
      for (const mtu of [61_000, 62_000]) {
        actor.exchange(4, setMtu(1, mtu, 1));
        socket.send(getLink(1, 2, REQUEST));
      }
      await socket.until(() => socket.messages().length === 2);
      return socket.messages().map(mtuOf);
    },
    expected: [61_000, 62_000],
  },
  {
    title: 'delivers the remaining replies in order, and reports the drained queue, when the immediate read has a limit',
    run: async (world) => {
      using socket = openSocket(world);
      socket.send(getLink(1, 5), getLink(1, 6));
      const first = socket.exchange(1, getLink(1, 7)) ?? [];
      await socket.until(() => first.length + socket.messages().length === 6);
      await socket.until(() => socket.deliveries.at(-1)?.drained === true);
      return [first.length > 0 && first.length < 3, [...first, ...socket.texts()]];
    },
    expected: [true, [5, 6, 7].flatMap((sequence) => [`type 16 link 1 for ${sequence}`, `error 0 for ${sequence} capped`])],
  },
  {
    title: 'reports the drained queue later when the immediate read reached its limit',
    run: async (world) => {
      using socket = openSocket(world);
      socket.send(getLink(1, 5, REQUEST));
      socket.exchange(1, getLink(1, 6, REQUEST));
      await socket.until(() => socket.deliveries.length > 0);
      return [socket.texts(), socket.deliveries.at(-1)?.drained];
    },
    expected: [[], true],
  },
  {
    title: 'reads nothing immediately when the socket is paused',
    run: async (world) => {
      using socket = openSocket(world);
      socket.connection.pause();
      const first = socket.exchange(4, getLink(1, 5, REQUEST));
      await pause(30);
      const meanwhile = socket.texts();
      socket.connection.resume();
      await socket.until(() => socket.messages().length === 1);
      return [first, meanwhile];
    },
    expected: [undefined, []],
  },
  {
    title: 'sends an error when a request without the ack flag fails',
    run: (world) => {
      using socket = openSocket(world);
      return socket.exchange(4, getLink(MISSING_LINK, 5, REQUEST));
    },
    expected: ['error -19 for 5'],
  },
  {
    title: 'repeats the request in an error, and only its header when acks are capped',
    run: async (world) => {
      using socket = openSocket(world);
      const request = { ...getLink(MISSING_LINK, 5), payload: join(linkHeader(MISSING_LINK), new Uint8Array(4)) };
      socket.send(request);
      await socket.until(() => socket.messages().length === 1);
      socket.connection.setOption('cappedAck', true);
      socket.send(request);
      await socket.until(() => socket.messages().length === 2);
      return socket.messages().map((message) => [errnoOf(message), message.payload.byteLength, message.flags & MessageFlags.Capped]);
    },
    expected: [
      [-19, 4 + 16 + 20, 0],
      [-19, 4 + 16, MessageFlags.Capped],
    ],
  },
  {
    title: 'explains an error when extended acks are on',
    run: async (world) => {
      using socket = openSocket(world);
      socket.send(shortMtu);
      await socket.until(() => socket.messages().length === 1);
      socket.connection.setOption('extendedAck', true);
      socket.send(shortMtu);
      await socket.until(() => socket.messages().length === 2);
      return socket.messages().map((message) => {
        const { errno, extendedAck } = decodeAck(message);
        return [errno, extendedAck.offset, extendedAck.message !== undefined, (message.flags & MessageFlags.AckAttributes) !== 0];
      });
    },
    expected: [
      [-34, undefined, false, false],
      [-34, 16 + 16, true, true],
    ],
  },
  {
    title: 'answers EOPNOTSUPP when the message type is unknown',
    run: (world) => {
      using socket = openSocket(world);
      return socket.exchange(4, { type: 0xfff0, flags: ACKED, sequence: 3, payload: linkHeader() });
    },
    expected: ['error -95 for 3'],
  },
  {
    title: 'only acks NOOP, and only when it has the ack flag',
    run: (world) => {
      using socket = openSocket(world);
      const noop = { type: MessageType.Noop, sequence: 4 };
      return [socket.exchange(4, { ...noop, flags: ACKED }), socket.exchange(4, { ...noop, flags: REQUEST })];
    },
    expected: [['error 0 for 4 capped'], undefined],
  },
  {
    title: 'acks a message without the request flag when it has the ack flag, and ignores its contents',
    run: (world) => {
      using socket = openSocket(world);
      return [socket.exchange(4, getLink(1, 4, MessageFlags.Ack)), socket.exchange(4, getLink(1, 5, 0))];
    },
    expected: [['error 0 for 4 capped'], undefined],
  },
  {
    title: 'answers each request of a datagram by its own flags, with its own sequence number',
    run: (world) => {
      using socket = openSocket(world);
      return socket.exchange(
        8,
        setMtu(1, 60_000, 1, REQUEST),
        getLink(MISSING_LINK, 2, REQUEST),
        getLink(1, 3, REQUEST),
        getLink(MISSING_LINK, 4),
      );
    },
    expected: ['error -19 for 2', 'type 16 link 1 for 3', 'error -19 for 4'],
  },
  {
    title: 'applies the requests before broken framing and silently ignores the rest of the datagram',
    run: async (world) => {
      using socket = openSocket(world);
      const bytes = encodeMessages([{ ...getLink(1, 7), portId: socket.connection.portId }, getLink(1, 8)]);
      new DataView(bytes.buffer).setUint32(32, 15, hostIsLittleEndian);
      socket.connection.send(bytes, bytes.byteLength);
      await socket.until(() => socket.messages().length === 2);
      await pause(30);
      return socket.texts();
    },
    expected: ['type 16 link 1 for 7', 'error 0 for 7 capped'],
  },
  {
    title: 'sends replies with the port ID of the socket when the request has another one',
    run: async (world) => {
      using socket = openSocket(world);
      socket.send({ ...getLink(1, 7), portId: 0 });
      await socket.until(() => socket.messages().length === 2);
      return socket.messages().map(({ portId }) => portId === socket.connection.portId);
    },
    expected: [true, true],
  },
  {
    title: 'sends a dump in several datagrams that end with DONE, without an ack',
    run: async (world) => {
      using socket = openSocket(world);
      socket.send({ ...dumpLinks(6), flags: DUMP_ACKED });
      await socket.until(() => socket.messages().some(({ type }) => type === MessageType.Done));
      await pause(30);
      const datagrams = socket.deliveries.flatMap((delivery) => delivery.datagrams);
      const messages = socket.messages();
      return {
        several: datagrams.length > 1,
        multi: messages.every(({ flags }) => (flags & MessageFlags.Multi) !== 0),
        first: socket.texts()[0],
        last: socket.texts().at(-1),
        rows: messages.slice(0, -1).every(({ type, sequence }) => type === RTM.NEWLINK && sequence === 6),
        mtus: messages.slice(0, -1).every((message) => mtuOf(message) !== undefined),
      };
    },
    expected: { several: true, multi: true, first: 'type 16 link 1 for 6 multi', last: 'done 0 for 6 multi', rows: true, mtus: true },
  },
  {
    title: 'answers EBUSY when a dump is requested during another, and accepts it after DONE',
    run: async (world) => {
      using socket = openSocket(world);
      const dones = (): number => socket.messages().filter(({ type }) => type === MessageType.Done).length;
      socket.send(dumpLinks(1));
      socket.send(dumpLinks(2));
      await socket.until(() => dones() === 1);
      socket.send(dumpLinks(3));
      await socket.until(() => dones() === 2);
      return socket.texts().filter((text) => !text.startsWith('type'));
    },
    expected: ['error -16 for 2', 'done 0 for 1 multi', 'done 0 for 3 multi'],
  },
  {
    title: 'answers other requests during a dump',
    run: async (world) => {
      using socket = openSocket(world);
      socket.send(dumpLinks(1));
      socket.send(getLink(1, 2));
      await socket.until(() => socket.messages().some(({ type }) => type === MessageType.Done));
      const texts = socket.texts();
      return [texts.includes('type 16 link 1 for 2'), texts.indexOf('error 0 for 2 capped') < texts.indexOf('done 0 for 1 multi')];
    },
    expected: [true, true],
  },
  {
    title: 'reports the error in DONE when strict checking rejects a dump',
    run: async (world) => {
      using socket = openSocket(world);
      socket.connection.setOption('strictCheck', true);
      socket.send(missingTable(8));
      await socket.until(() => socket.messages().length > 0);
      await pause(30);
      return socket.texts();
    },
    expected: ['done -2 for 8 multi'],
  },
  {
    title: 'throws EMSGSIZE when a datagram needs more than the send buffer minus 32 bytes',
    run: (world) => {
      using socket = openSocket(world);
      const { connection } = socket;
      connection.setBufferSize('send', 8192);
      const size = connection.getBufferSize('send');
      // All zeros: no request.
      return [size, errorText(() => connection.send(new Uint8Array(size), size - 31)), connection.send(new Uint8Array(size), size - 32)];
    },
    expected: [16_384, 'EMSGSIZE in send', true],
  },
];
