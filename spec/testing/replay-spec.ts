import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { EMPTY, catchError, lastValueFrom, map, mergeMap, of, takeUntil, timer, toArray, type Observable } from 'rxjs';
import { DecodeError, KernelError, MessageFlags, Protocol, encodeMessages, netlink, type Datagram, type Message } from '../../lib/index.js';
import {
  decodeFixture,
  decodePcap,
  encodeFixture,
  encodePcap,
  errorReply,
  fakeKernel,
  multipart,
  netlinkTestScheduler,
  notification,
  notificationGroup,
  readCapture,
  record,
  replay,
  replayKernel,
  writeCapture,
  type AssertEqual,
  type CapturedDatagram,
} from '../../lib/testing/index.js';
import { KERNEL_ORIGIN, hostIsLittleEndian, iterateMessages } from '../../lib/wire/index.js';
import { hostOrder, needsOrderOf } from '../support/host-order.js';

const assertEqual: AssertEqual = (actual, expected) => {
  expect(actual).to.deep.equal(expected);
};
const scheduler = (): ReturnType<typeof netlinkTestScheduler> => netlinkTestScheduler(assertEqual);

/**
 * A capture of tcpdump on an nlmon interface of Linux 6.12. Meanwhile `ip monitor link` ran, and `ip link` created the pair v0 (4)
 * and v1 (3), set both up, set v0 down and up, and deleted it.
 */
const flap = readCapture(join(import.meta.dirname, 'fixtures/link-flap.pcap'));

/** The output of `ip monitor link`: message, index and the flags UP and LOWER_UP. */
const MONITOR = [
  '16 3',
  '16 4',
  '16 3 UP',
  '16 4 UP LOWER_UP',
  '16 4 UP LOWER_UP',
  '16 3 UP LOWER_UP',
  '16 4',
  '16 3 UP',
  '16 4 UP LOWER_UP',
  '16 4 UP LOWER_UP',
  '16 3 UP LOWER_UP',
  '16 4',
  '16 3',
  '17 4',
  '17 3',
];

/** Returns the same fields of a message: ifi_index, IFF_UP, IFF_LOWER_UP. */
function linkText({ type, payload }: Message): string {
  const view = new DataView(payload.buffer, payload.byteOffset);
  const flags = view.getUint32(8, hostIsLittleEndian);
  return [
    type,
    view.getInt32(4, hostIsLittleEndian),
    ...((flags & 1) !== 0 ? ['UP'] : []),
    ...((flags & 0x10000) !== 0 ? ['LOWER_UP'] : []),
  ].join(' ');
}

const at = (
  time: number,
  direction: CapturedDatagram['direction'],
  init: Parameters<typeof notification>,
  group = 0,
): CapturedDatagram => ({
  ...{ time, direction, protocol: 0, sender: { portId: 0, groups: 0 }, group },
  bytes: encodeMessages([notification(...init)]),
});
const typeOf = ({ bytes }: Datagram): number => [...iterateMessages(bytes)][0]!.type;

describe('replay', () => {
  const none = new Uint8Array();
  const capture = {
    datagrams: [
      at(1000, 'sent', [18, none]),
      at(1002, 'received', [16, none]),
      at(1002, 'received', [17, none]),
      at(1006, 'received', [18, none]),
    ],
  };
  const values = { a: 16, b: 17, c: 18 };

  it('emits received datagrams at their recorded time', () => {
    scheduler().run(({ expectObservable }) => {
      expectObservable(replay(capture).pipe(map(typeOf))).toBe('--(ab)(c|)', values);
    });
  });
  it('applies the option speed', function () {
    needsOrderOf(this, flap);
    scheduler().run(({ expectObservable }) => {
      const { datagrams } = capture;
      const types = (speed: number): Observable<number> =>
        replay({ datagrams: datagrams.filter((_, index) => index !== 2) }, { speed }).pipe(map(typeOf));
      expectObservable(types(2)).toBe('-a-(c|)', values);
      expectObservable(types(0.5)).toBe('----a-------(c|)', values);
      expectObservable(types(Infinity)).toBe('(ac|)', values);
    });
  });
  it('stops when it is unsubscribed, and starts again at the next subscription', () => {
    scheduler().run(({ expectObservable }) => {
      const types = replay(capture).pipe(map(typeOf));
      expectObservable(types, '^---!').toBe('--(ab)', values);
      expectObservable(types, '---^').toBe('-----(ab)(c|)', values);
    });
  });
  it('completes for an empty capture', () => {
    scheduler().run(({ expectObservable }) => {
      expectObservable(replay({ datagrams: [] })).toBe('|');
    });
  });
  it('rejects a capture in the other byte order, also from a file', () => {
    const bytes = encodeMessages([{ type: 16 }]);
    new DataView(bytes.buffer).setUint32(0, 16, !hostIsLittleEndian);
    const recorded = { ...KERNEL_ORIGIN, bytes, time: 0, direction: 'received', protocol: 0 } as const;
    const foreign = decodePcap(encodePcap({ datagrams: [recorded] }));
    expect(foreign.byteOrder).to.equal(hostOrder === 'little' ? 'big' : 'little');
    expect(decodeFixture(encodeFixture(foreign))).to.deep.equal(foreign);
    const errorOf = new RegExp(`recorded on a ${foreign.byteOrder}-endian machine; expected .* ${hostOrder}-endian`);
    expect(() => replay(foreign)).to.throw(DecodeError, errorOf);
    expect(() => replayKernel(foreign)).to.throw(DecodeError, errorOf);
    const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-order-'));
    try {
      for (const name of ['seen.pcap', 'seen.hex']) {
        writeCapture(join(folder, name), foreign);
        expect(() => replay(join(folder, name))).to.throw(DecodeError, errorOf);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  it('rejects a speed that is not positive', () => {
    for (const speed of [0, -1, NaN]) expect(() => replay(capture, { speed })).to.throw(RangeError, /speed/);
  });
  it('reads a file by its path or URL, as replayKernel does', async function () {
    needsOrderOf(this, flap);
    const url = new URL('fixtures/link-flap.pcap', import.meta.url);
    const types = (of: Observable<Datagram>): Promise<number[]> => lastValueFrom(of.pipe(map(typeOf), toArray()));
    const expected = await types(replay(flap, { speed: Infinity }));
    expect(expected).to.not.have.length(0);
    expect(await types(replay(fileURLToPath(url), { speed: Infinity }))).to.deep.equal(expected);
    expect(await types(replay(url, { speed: Infinity }))).to.deep.equal(expected);
    expect(replayKernel(url).opened).to.equal(0);
  });
  it('throws for a missing file, and for a source that is neither a file nor a capture', () => {
    expect(() => replay('no-such.pcap')).to.throw(Error, 'ENOENT');
    for (const wrong of [5, undefined, {}])
      expect(() => replay(wrong as never)).to.throw(TypeError, 'source must be the name of a file or a capture');
  });
  it('emits datagrams with their origins, as the socket did', async () => {
    const datagram = { ...at(5, 'received', [16, none], 33), nsid: 2, sender: { portId: 3, groups: 1 } };
    const [seen] = await lastValueFrom(replay({ datagrams: [datagram] }).pipe(toArray()));
    expect(seen).to.deep.equal({ bytes: datagram.bytes, group: 33, nsid: 2, sender: { portId: 3, groups: 1 } });
  });
});

describe('replayKernel', () => {
  it('replays a capture of nlmon: the events that ip monitor printed, at their time', function () {
    needsOrderOf(this, flap);
    const seen: string[] = [];
    const times: number[] = [];
    const virtual = scheduler();
    virtual.run(({ flush }) => {
      const socket = netlink({ protocol: Protocol.Route, transport: replayKernel(flap) });
      socket.multicast(1).subscribe((message) => {
        seen.push(linkText(message));
        times.push(virtual.now());
      });
      flush();
    });
    expect(seen).to.deep.equal(MONITOR);
    // frame.time_relative of the first and last event in tshark, in milliseconds
    expect([times[0], times.at(-1)].map((time) => Math.round(time!))).to.deep.equal([2028, 9673]);
  });

  it('applies the option speed', function () {
    needsOrderOf(this, flap);
    let last = 0;
    const virtual = scheduler();
    virtual.run(({ flush }) => {
      const socket = netlink({ protocol: Protocol.Route, transport: replayKernel(flap, { speed: 1000 }) });
      socket.multicast(1).subscribe(() => (last = virtual.now()));
      flush();
    });
    expect(last).to.be.within(9, 10);
  });

  it('replies to recorded requests with the recorded replies', async function () {
    needsOrderOf(this, flap);
    const recorded = flap.datagrams.flatMap(({ bytes, direction }) => (direction === 'sent' ? [...iterateMessages(bytes)] : []));
    const dump = recorded.find(({ flags }) => (flags & MessageFlags.Dump) === MessageFlags.Dump)!;
    const lookup = recorded.find(({ type, flags }) => type === 18 && flags === MessageFlags.Request)!;
    const socket = netlink({ protocol: Protocol.Route, strictCheck: false, transport: replayKernel(flap, { speed: 1000 }) });
    const ask = ({ type, flags, payload }: Message): Promise<string[]> =>
      lastValueFrom(socket.request({ type, flags, payload }, { ack: false }).pipe(map(linkText), toArray()));
    // lo and nlmon0, before the pair was created
    expect(await ask(dump)).to.deep.equal(['16 1 UP LOWER_UP', '16 2 UP LOWER_UP']);
    expect(await ask(lookup)).to.have.length(1);
    socket.close();
  });

  it('replies to equal requests in order, and repeats the last replies', async () => {
    const row = (sequence: number, index: number): Parameters<typeof notification> => [16, Uint8Array.of(index), { sequence, portId: 9 }];
    const get = (sequence: number): Parameters<typeof notification> => [18, Uint8Array.of(7), { flags: 5, sequence, portId: 9 }];
    const ack = (sequence: number): CapturedDatagram => at(2, 'received', [2, new Uint8Array(20), { sequence, portId: 9 }]);
    const transport = replayKernel({
      datagrams: [at(1, 'sent', get(1)), at(1, 'received', row(1, 1)), ack(1), at(1, 'sent', get(2)), at(1, 'received', row(2, 2)), ack(2)],
    });
    const socket = netlink({ protocol: 0, transport });
    const ask = (): Promise<number[]> =>
      lastValueFrom(
        socket.request({ type: 18, payload: Uint8Array.of(7) }).pipe(
          map(({ payload }) => payload[0]!),
          toArray(),
        ),
      );
    expect([await ask(), await ask(), await ask()]).to.deep.equal([[1], [2], [2]]);
    socket.close();
  });

  it('fails for a request that is not in the capture, unless otherwise() replies', async function () {
    needsOrderOf(this, flap);
    const ask = (transport: ReturnType<typeof replayKernel>): Promise<string> =>
      lastValueFrom(
        netlink({ protocol: 0, transport })
          .request({ type: 22, payload: Uint8Array.of(1, 2) })
          .pipe(
            mergeMap(() => EMPTY),
            catchError((error: unknown) => of(error instanceof KernelError ? error.code : String(error))),
          ),
      );
    const transport = replayKernel(flap);
    expect(await ask(transport)).to.match(/request 1 is not in the capture/);
    expect(() => {
      transport.verify();
    }).to.throw(/\+ type 22/);
    expect(await ask(replayKernel(flap, { otherwise: () => errorReply('EOPNOTSUPP') }))).to.equal('EOPNOTSUPP');
  });

  it('derives groups only for events', () => {
    const guess = (type: number, payload: number[], flags = 0): number | undefined => {
      const [message] = [...iterateMessages(encodeMessages([{ type, flags, payload: Uint8Array.from(payload) }]))];
      return notificationGroup(message!, 0);
    };
    // RTNLGRP_LINK, _IPV4_IFADDR, _IPV6_IFADDR, _IPV4_ROUTE, _IPV6_ROUTE, _NEXTHOP of linux/rtnetlink.h
    expect([guess(16, [0]), guess(20, [2]), guess(21, [10]), guess(24, [2]), guess(25, [10]), guess(104, [0])]).to.deep.equal([
      1, 5, 9, 7, 11, 32,
    ]);
    expect([guess(16, [0], MessageFlags.Multi), guess(2, [0])]).to.deep.equal([undefined, undefined]);
  });
});

describe('record', () => {
  it('emits the datagrams that its socket sends and receives, in virtual time', () => {
    const seen: string[] = [];
    scheduler().run(({ hot, flush }) => {
      const kernel = fakeKernel((request) => (request.type === 18 ? multipart([{ type: 16 }]) : undefined), { firstPortId: 500 });
      const [socket, other] = [netlink({ protocol: 0, transport: kernel }), netlink({ protocol: 0, transport: kernel })];
      record(socket).subscribe(({ direction, time, bytes, group }) => {
        seen.push(
          `${direction} at ${time} ${[...iterateMessages(bytes)].map(({ type }) => type).join(' ')}${group === 0 ? '' : ` group ${group}`}`,
        );
      });
      hot('--a').subscribe(() => {
        other.request({ type: 22 }).subscribe();
        socket.request({ type: 18, flags: MessageFlags.Dump }).subscribe();
        socket.joinGroup(1);
      });
      hot('-----a').subscribe(() => kernel.notify(1, notification(17, new Uint8Array())));
      flush();
    });
    expect(seen).to.deep.equal(['sent at 2 18', 'received at 2 16', 'received at 2 3', 'received at 5 17 group 1']);
  });

  it('records a capture that replays the same replies and events', () => {
    const events: [number, number][] = [];
    const virtual = scheduler();
    let recorded: CapturedDatagram[] = [];
    const story = (transport: ReturnType<typeof fakeKernel>, log: (type: number) => void): ReturnType<typeof netlink> => {
      const socket = netlink({ protocol: 0, transport });
      socket.multicast(1).subscribe(({ type }) => {
        log(type);
      });
      timer(3)
        .pipe(mergeMap(() => socket.request({ type: 18 })))
        .subscribe(({ type }) => {
          log(type);
        });
      return socket;
    };
    const first: [number, number][] = [];
    virtual.run(({ hot, flush }) => {
      const kernel = fakeKernel(() => timer(4).pipe(map(() => ({ type: 40 }))), { firstPortId: 600 });
      const socket = story(kernel, (type) => first.push([virtual.now(), type]));
      record(socket)
        .pipe(takeUntil(timer(50)), toArray())
        .subscribe((datagrams) => (recorded = datagrams));
      hot('a----------b').subscribe(() => kernel.notify(1, notification(16, new Uint8Array())));
      flush();
    });
    const again = scheduler();
    again.run(({ flush }) => {
      story(replayKernel({ datagrams: recorded }), (type) => events.push([again.now(), type]));
      flush();
    });
    expect(first).to.deep.equal([
      [0, 16],
      [7, 40],
      [11, 16],
    ]);
    expect(events).to.deep.equal(first);
  });
});
