import { expect } from 'chai';
import { Subject, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { rtLink } from '../../lib/families/rt-link.js';
import { EncodeError, FamilyNotFoundError, KernelError, OverrunError, Protocol, SocketClosedError, netlink } from '../../lib/index.js';
import { loadFamily } from '../../lib/spec-loader/index.js';
import { errorReply, fakeKernel, netlinkTestScheduler, notification, type FakeHandler, type FakeKernel } from '../../lib/testing/index.js';
import { MessageFlags } from '../../lib/wire/index.js';
import { host } from '../support/host-order.js';
import { controller } from './controller.js';

/** A family whose kernel side sends packets to the socket that bound the log. */
const LOG = loadFamily(`
name: log
protocol: netlink-raw
protonum: 12
attribute-sets:
  - { name: packet, attributes: [{ name: mark, type: u32, byte-order: big-endian }, { name: payload, type: binary }] }
mcast-groups: { list: [{ name: all, value: 3 }] }
operations:
  list:
    - { name: packet, value: 1024, attribute-set: packet, event: {}, unicast: true }
    - { name: other, value: 1026, attribute-set: packet, event: {}, unicast: true }
    - { name: verdict, value: 1025, attribute-set: packet, do: { request: {} } }
    - { name: noted, value: 1027, attribute-set: packet, event: {} }
`);

/** A generic family with an event of that kind. */
const TASKS = loadFamily(`
name: tasks
attribute-sets: [{ name: top, attributes: [{ name: id, type: u32 }] }]
operations:
  list:
    - { name: get, attribute-set: top, do: { request: {}, reply: {} } }
    - { name: exit, attribute-set: top, event: {}, unicast: true }
`);

/** A packet with mark 7, as literal bytes: the attribute, 8 bytes long, type 1, number in network order. */
const mark = (value: number) => Uint8Array.from([...host(8, 0), ...host(1, 0), 0, 0, 0, value]);
const packet = (value: number, type = 1024) => notification(type, mark(value));
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const assertEqual = (actual: unknown, expected: unknown): void => {
  expect(actual).to.deep.equal(expected);
};

/** Returns a kernel and a client whose socket is open; `packets` sends to that socket. */
function bound(handler?: FakeHandler) {
  const kernel = fakeKernel(handler);
  const client = LOG({ transport: kernel });
  return {
    kernel,
    client,
    send: (...messages: Parameters<FakeKernel['unicast']>[1][]) => messages.map((one) => kernel.unicast(kernel.sockets[0]!, one)),
  };
}

describe('events of a family', () => {
  it('emits the typed values of messages that answer no request, of this event only', async () => {
    const { client, send } = bound();
    const values: unknown[] = [];
    const subscription = client.events('packet').subscribe((value) => values.push(value));
    expect(send(packet(7), packet(8, 1026), [packet(9), packet(10)])).to.deep.equal([true, true, true]);
    await turn();
    expect(values).to.deep.equal([{ mark: 7 }, { mark: 9 }, { mark: 10 }]);
    expect(client.socket.counters.strays).to.equal(0);
    subscription.unsubscribe();
    client.close();
  });

  it('decodes only the picked properties', async () => {
    const { client, send } = bound();
    const first = firstValueFrom(client.events('packet', { pick: ['payload'] }));
    send(packet(7));
    expect(await first).to.deep.equal({});
    client.close();
  });

  it('subscribes to the socket of the requests, and emits in virtual time until the subscriber leaves', () => {
    netlinkTestScheduler(assertEqual).run(({ fakeKernel: make, cold, expectObservable }) => {
      const kernel = make();
      const client = LOG({ transport: kernel });
      cold('-a--b-c', { a: 1, b: 2, c: 3 }).subscribe((value) => kernel.sockets.forEach((socket) => kernel.unicast(socket, packet(value))));
      expectObservable(client.events('packet'), '---^-----!').toBe('----b-c', { b: { mark: 2 }, c: { mark: 3 } });
    });
  });

  it('counts messages without a subscriber as strays, as before', async () => {
    const { client, send } = bound();
    const lease = client.socket.connect();
    send(packet(7));
    await turn();
    expect(client.socket.counters.strays).to.equal(1);
    lease.unsubscribe();
    client.close();
  });

  it('delivers events and replies that arrive together, each once', async () => {
    const { client } = bound((_request, { kernel, socket }) => {
      kernel.unicast(socket, packet(1));
      return undefined;
    });
    const values: unknown[] = [];
    const subscription = client.events('packet').subscribe((value) => values.push(value));
    expect(await lastValueFrom(client.do('verdict', { mark: 5 }).pipe(toArray()))).to.deep.equal([undefined]);
    await turn();
    expect(values).to.deep.equal([{ mark: 1 }]);
    subscription.unsubscribe();
    client.close();
  });

  it('ends with OverrunError after the messages that were queued, and with the count of the kernel', async () => {
    const { kernel, client, send } = bound();
    const seen: unknown[] = [];
    const error = new Promise((resolve) => client.events('packet').subscribe({ next: (value) => seen.push(value), error: resolve }));
    send(packet(7));
    kernel.overrun({ dropped: 4 });
    expect(await error)
      .to.be.instanceOf(OverrunError)
      .with.property('dropped', 4);
    expect(seen).to.deep.equal([{ mark: 7 }]);
  });

  it('ends with SocketClosedError at close(), and with DecodeError when the bytes are malformed', async () => {
    const { client, send } = bound();
    const errors: unknown[] = [];
    client.events('packet').subscribe({ error: (error: unknown) => errors.push(error) });
    send(notification(1024, Uint8Array.from([...host(80, 0), ...host(1, 0)])));
    await turn();
    expect(errors[0]).to.have.property('code', 'EDECODE');
    client.events('packet').subscribe({ error: (error: unknown) => errors.push(error) });
    client.close();
    expect(errors[1]).to.be.instanceOf(SocketClosedError);
  });

  it('looks a generic family up, and distinguishes its events by the command', async () => {
    const kernel = fakeKernel((request) => controller(request, { tasks: { id: 41 } }));
    const client = TASKS({ transport: kernel });
    const values: unknown[] = [];
    const subscription = client.events('exit').subscribe((value) => values.push(value));
    await turn();
    const id = (value: number) => Uint8Array.from([...host(8, 0), ...host(1, 0), ...host(value, 0, 0, 0)]);
    const message = (type: number, command: number) => notification(type, Uint8Array.from([command, 1, 0, 0, ...id(3)]));
    for (const one of [message(41, 1), message(42, 2), message(41, 2)]) kernel.unicast(kernel.sockets[0]!, one);
    await turn();
    expect(values).to.deep.equal([{ id: 3 }]);
    subscription.unsubscribe();
    client.close();
  });

  it('throws for an event that the kernel sends to groups, and for a name that the family lacks', () => {
    using client = LOG({ transport: fakeKernel() });
    expect(() => client.events('noted')).to.throw(
      TypeError,
      "specification: events: 'noted' is not an event for one socket; expected one of packet, other",
    );
    expect(() => client.events('packets')).to.throw(TypeError, /did you mean packet\?/);
    using link = rtLink({ transport: fakeKernel() });
    expect(() => link.events('newlink-ntf' as never)).to.throw(TypeError, /the family has none/);
  });

  it('does not appear among the notifications of groups', async () => {
    const kernel = fakeKernel();
    using client = LOG({ transport: kernel });
    const seen = lastValueFrom(client.notifications('all').pipe(take(1), toArray()));
    kernel.notify(3, packet(1));
    kernel.notify(3, packet(2, 1027));
    expect(await seen).to.deep.equal([{ op: 'noted', value: { mark: 2 }, group: 3 }]);
  });
});

describe('send() of a client', () => {
  it('sends one datagram without an ack, and expects no reply', async () => {
    const { kernel, client } = bound();
    const subscription = client.events('packet').subscribe();
    client.send('verdict', { mark: 5 });
    client.send([
      { op: 'verdict', request: { mark: 6 } },
      { op: 'verdict', request: { mark: 7 }, options: { echo: true } },
    ]);
    const { Request, Echo } = MessageFlags;
    expect(kernel.requests.map(({ type, flags, payload }) => [type, flags, payload.at(-1)])).to.deep.equal([
      [1025, Request, 5],
      [1025, Request, 6],
      [1025, Request | Echo, 7],
    ]);
    expect(kernel.datagrams.length).to.equal(2);
    await turn();
    expect(client.socket.counters.strays).to.equal(0);
    subscription.unsubscribe();
    client.close();
  });

  it('reports the requests that the kernel rejected, with the names of the family', async () => {
    const { client } = bound((request) => (request.payload.at(-1) === 6 ? errorReply('ENOENT') : []));
    const errors = firstValueFrom(client.sendErrors());
    client.send('verdict', { mark: 5 });
    client.send('verdict', { mark: 6 });
    expect(await errors)
      .to.be.instanceOf(KernelError)
      .with.property('message', 'ENOENT verdict');
    expect(client.socket.counters.strays).to.equal(0);
    client.close();
  });

  it('throws before anything is sent when the request is wrong, the socket is closed, or the family is not known', () => {
    const kernel = fakeKernel();
    using client = LOG({ transport: kernel });
    expect(() => client.send('verdict', { mark: -1 })).to.throw(EncodeError, 'EENCODE verdict: .mark: -1 is not an integer');
    expect(() =>
      client.send([
        { op: 'verdict', request: {} },
        { op: 'verdict', request: { mark: -1 } },
      ]),
    ).to.throw(EncodeError, '[1].mark');
    expect(() => client.send('verdict', {})).to.throw(SocketClosedError);
    expect(() => client.send('packet', {})).to.throw(TypeError, 'packet has no do request');
    expect(() => client.send('verdict', {}, { ack: false } as object)).to.throw(TypeError, /send: .*ack/);
    using tasks = TASKS({ transport: kernel });
    expect(() => tasks.send('get', {})).to.throw(FamilyNotFoundError, 'send() does not look it up');
    expect(kernel.requests).to.deep.equal([]);
  });
});

describe('unsolicited messages of a socket', () => {
  it('contain neither replies nor messages of groups nor messages of other senders', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: Protocol.Netfilter, transport: kernel, groups: [3] });
    const types = new Subject<number>();
    const seen = lastValueFrom(types.pipe(take(1), toArray()));
    const subscription = socket.unsolicited.subscribe(({ type }) => types.next(type));
    await lastValueFrom(socket.request({ type: 1025 }).pipe(toArray()));
    kernel.notify(3, packet(1));
    kernel.spoof(99, packet(2, 1025));
    kernel.unicast(kernel.sockets[0]!, packet(3, 1026));
    expect(await seen).to.deep.equal([1026]);
    subscription.unsubscribe();
  });
});
