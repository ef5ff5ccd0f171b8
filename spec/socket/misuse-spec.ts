import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import {
  Protocol,
  bpf,
  encodeMessage,
  iterateMessages,
  netlink,
  type NetlinkSocket,
  type NetlinkSocketOptions,
  type RequestOptions,
} from '../../lib/index.js';
import { fakeKernel } from '../../lib/testing/index.js';

/* Each mistake throws at the call, with an error that names the value and the expected one. */
type Mistake = readonly [thing: unknown, kind: typeof TypeError | typeof RangeError, words: string];

const GET_LINK = { type: 18, payload: new Uint8Array(16) };
const createSocket = (): NetlinkSocket => netlink({ protocol: Protocol.Route, transport: fakeKernel() });
const print = (thing: unknown): string => (typeof thing === 'object' ? JSON.stringify(thing) : String(thing));

function refuses(mistakes: readonly Mistake[], use: (thing: never) => unknown): void {
  for (const [thing, kind, words] of mistakes) {
    it(`${print(thing)}: ${words}`, () => {
      expect(() => use(thing as never)).to.throw(kind, words);
    });
  }
}

describe('misuse of a socket', () => {
  describe('of an option of netlink()', () => {
    const mistakes: readonly Mistake[] = [
      [{ group: 1 }, TypeError, `netlink: unknown option 'group'; there are protocol, groups, netns, `],
      [{ namespace: 'blue' }, TypeError, 'transport; did you mean netns?'],
      [{ ns: 'blue' }, TypeError, 'transport; did you mean netns?'],
      [{ protocol: 'route' }, TypeError, 'protocol must be a number, not string'],
      [{ groups: [1, 0] }, RangeError, 'option groups: group must be an integer from 1 to 4294967295, not 0'],
      [{ groups: ['link'] }, TypeError, 'option groups: group must be a number, not string'],
      [{ portId: -1 }, RangeError, 'portId must be an integer from 0 to 4294967295, not -1'],
      [{ portId: null }, TypeError, 'portId must be a number, not null'],
      [{ netns: {} }, TypeError, 'option netns'],
      [{ netns: { pid: 1, fd: 3 } }, TypeError, 'option netns'],
      [{ sender: 'all' }, TypeError, 'option sender'],
      [{ strictCheck: 1 }, TypeError, 'option strictCheck must be true or false, not number'],
      [{ receiveBufferSize: 0 }, RangeError, 'receiveBufferSize must be an integer from 1'],
      [{ transport: 5 }, TypeError, 'option transport must be a Transport with open() and defer()'],
      [{ transport: null }, TypeError, 'option transport must be a Transport with open() and defer()'],
      [{ transport: { open: 1 } }, TypeError, 'option transport must be a Transport with open() and defer()'],
      [{ filter: 5 }, TypeError, 'netlink: filter must be'],
      [{ filter: null }, TypeError, 'netlink: filter must be'],
      [{ filter: [] }, RangeError, 'expected 1 to 4096 instructions, got 0'],
      [{ filter: {} }, TypeError, 'netlink: filter must be'],
      [{ filter: [null] }, TypeError, 'filter instruction 0 must be an object, not null'],
      [{ filter: { conditions: 5 } }, TypeError, 'filter: conditions must be an array'],
      [{ filter: { conditions: [{ offset: 4, size: 3, values: [1] }] } }, RangeError, 'filter: size must be 1, 2 or 4, not 3'],
      [{ filter: { conditions: [{ offset: -1, size: 2, values: [1] }] } }, RangeError, 'filter: offset must be an integer'],
      [{ filter: { conditions: [{ offset: 4, size: 2, values: [] }] } }, RangeError, 'expected 1 to 200 values, got 0'],
      [{ filter: { conditions: [{ offset: 4, size: 2, values: [65536] }] } }, RangeError, '65536 does not fit into 2 bytes'],
    ];
    refuses(mistakes, (options: Partial<NetlinkSocketOptions>) => netlink({ protocol: 0, ...options }));
  });

  describe('of a group', () => {
    refuses([[0, RangeError, 'netlink: group must be an integer from 1 to 4294967295, not 0']], (group) => createSocket().multicast(group));
  });

  describe('of setOption()', () => {
    for (const state of ['closed', 'open'] as const) {
      const socket = (): NetlinkSocket => {
        const made = createSocket();
        if (state === 'open') made.connect();
        return made;
      };
      it(`names an unknown option while ${state}`, () => {
        const words = `unknown option 'strictChecks'; expected one of packetInfo, broadcastError, noEnobufs, listenAllNsid, cappedAck, extendedAck, strictCheck`;
        expect(() => {
          socket().setOption('strictChecks' as never, true);
        }).to.throw(TypeError, words);
        expect(() => socket().getOption('strictChecks' as never)).to.throw(TypeError, words);
      });

      it(`names a value that is not a boolean while ${state}`, () => {
        expect(() => {
          socket().setOption('packetInfo', 'yes' as never);
        }).to.throw(TypeError, 'option packetInfo must be true or false, not string');
      });
    }

    it('does not change the socket', () => {
      const socket = createSocket();
      expect(() => {
        socket.setOption('bogus' as never, true);
      }).to.throw(TypeError);
      expect(socket.connect().closed).to.equal(false);
    });
  });

  describe('of setFilter()', () => {
    const mistakes: readonly Mistake[] = [
      [5, TypeError, 'netlink: filter must be'],
      [undefined, TypeError, 'netlink: filter must be'],
      [{ conditions: [{}] }, RangeError, 'filter: size must be 1, 2 or 4, not undefined'],
    ];
    refuses(mistakes, (filter) => {
      createSocket().setFilter(filter);
    });

    it('accepts every filter of bpf', () => {
      const socket = createSocket();
      socket.setFilter(bpf.every(bpf.messageTypes(16), bpf.interfaceIndexes(1, 2)));
      socket.setFilter(bpf.every());
      expect(socket.isOpen).to.equal(false);
    });
  });

  describe('of request()', () => {
    const mistakes: readonly Mistake[] = [
      [{ timeout: -1 }, RangeError, 'timeout must be a non-negative number of milliseconds, not -1'],
      [{ timeout: NaN }, RangeError, 'timeout must be a non-negative number of milliseconds, not NaN'],
      [{ timeout: '5' }, TypeError, 'timeout must be a number, not string'],
      [{ dump: 'yes' }, TypeError, 'option dump must be true or false, not string'],
      [{ ack: 0 }, TypeError, 'option ack must be true or false, not number'],
      [{ ordered: 1 }, TypeError, 'option ordered must be true or false, not number'],
      [{ signal: {} }, TypeError, 'option signal must be an AbortSignal'],
      [{ operation: 5 }, TypeError, 'option operation must be a string, not number'],
      [{ timeOut: 5 }, TypeError, `request: unknown option 'timeOut'`],
      [null, TypeError, 'request: options must be an object, not null'],
    ];
    refuses(mistakes, (options: RequestOptions) => createSocket().request(GET_LINK, options));
    describe('and of requestSync()', () => {
      refuses(mistakes.slice(0, 6), (options: object) => createSocket().requestSync(GET_LINK, options));
    });

    for (const message of [undefined, null, 18]) {
      it(`with ${String(message)} as the message`, () => {
        expect(() => createSocket().request(message as never)).to.throw(TypeError, `request: expected a message, e.g. { type: 18 }, not`);
      });
    }

    const hint = `a message has no property 'flag'; there are type, flags, sequence, portId, payload; did you mean flags?`;
    it('with an unknown property of the message', async () => {
      const wrong = { type: 18, flag: 1 } as never;
      expect(() => createSocket().request(wrong)).to.throw(TypeError, `request: ${hint}`);
      expect(() => createSocket().requestSync(wrong)).to.throw(TypeError, `requestSync: ${hint}`);
      expect(() => createSocket().send([wrong])).to.throw(TypeError, `send: ${hint}`);
      expect(() => createSocket().transact([GET_LINK, wrong])).to.throw(TypeError, `transact: [1]: ${hint}`);
      const error = await lastValueFrom(createSocket().batch([GET_LINK, wrong])).catch((reason: unknown) => reason);
      expect(String(error)).to.equal(`TypeError: batch: [1]: ${hint}`);
    });

    it('with an option among the properties of the message', () => {
      const message = { ...GET_LINK, operation: 'links' };
      expect(() => createSocket().request(message)).to.throw(TypeError, `request: a message has no property 'operation'`);
      expect(() => createSocket().transact([message])).not.to.throw();
    });

    it('accepts a received message, and the header of one', async () => {
      const [message] = iterateMessages(encodeMessage(GET_LINK));
      const { length, type, flags } = message!;
      for (const given of [message!, { length, type, flags }])
        expect(await lastValueFrom(createSocket().request(given), { defaultValue: 'acked' })).to.equal('acked');
    });

    it('accepts an option that is undefined', async () => {
      const options = { timeout: undefined, signal: undefined, dump: undefined, ack: undefined } as unknown as RequestOptions;
      expect(await lastValueFrom(createSocket().request(GET_LINK, options), { defaultValue: 'acked' })).to.equal('acked');
    });
  });

  describe('of batch()', () => {
    it('without messages', () => {
      expect(() => createSocket().batch(undefined as never)).to.throw(TypeError, 'batch: messages must be iterable, not undefined');
      expect(() => createSocket().batch(GET_LINK as never)).to.throw(TypeError, 'batch: messages must be iterable, not object');
    });

    for (const [message, words] of [
      [{ type: -1 }, 'EncodeError: EENCODE [1]: message type -1 is not a 16-bit number'],
      [{ type: 16, flags: 65_536 }, 'EncodeError: EENCODE [1]: message flags 65536 are not a 16-bit number'],
      [{ type: 16, sequence: -1 }, 'EncodeError: EENCODE [1]: sequence number -1 is not a 32-bit number'],
      [{ type: 16, portId: 0.5 }, 'EncodeError: EENCODE [1]: port ID 0.5 is not a 32-bit number'],
    ] as const) {
      it(`with ${JSON.stringify(message)} among the messages, sends those before it`, async () => {
        const results: unknown[] = [];
        const error = await new Promise((resolve) => {
          createSocket()
            .batch([GET_LINK, message])
            .subscribe({ next: (result) => results.push(result), error: resolve, complete: () => resolve('done') });
        });
        expect(String(error)).to.equal(words);
        expect(results).to.deep.equal([]);
      });
    }

    it('with a value that is not a message', async () => {
      const error = await lastValueFrom(createSocket().batch([GET_LINK, undefined as never])).catch((reason: unknown) => reason);
      expect(String(error)).to.equal('TypeError: batch: [1]: expected a message, e.g. { type: 18 }, not undefined');
    });
  });

  describe('of transact()', () => {
    const mistakes: readonly Mistake[] = [
      [undefined, TypeError, 'transact: messages must be an array, not undefined'],
      [GET_LINK, TypeError, 'transact: messages must be an array, not object'],
      [[{ type: 16 }, undefined], TypeError, 'transact: [1]: expected a message, e.g. { type: 18 }, not undefined'],
    ];
    refuses(mistakes, (messages) => createSocket().transact(messages));
    describe('and of its options', () => {
      const wrong: readonly Mistake[] = [
        [null, TypeError, 'transact: options must be an object, not null'],
        [{ dump: true }, TypeError, `transact: unknown option 'dump'; there are timeout, signal, operation`],
        [{ timeout: -1 }, RangeError, 'timeout must be a non-negative number of milliseconds, not -1'],
      ];
      refuses(wrong, (options) => createSocket().transact([{ type: 16 }, { type: 17 }], options));
    });
  });

  describe('of send()', () => {
    const send = (...args: unknown[]): unknown => {
      const socket = createSocket();
      using lease = socket.connect();
      return lease.closed || (socket.send as (...args: unknown[]) => unknown).apply(socket, args);
    };
    for (const message of [undefined, {}, 5, [undefined]]) {
      it(`with ${print(message)} as the message`, () => {
        expect(() => send(message)).to.throw(TypeError, 'send: expected a message, e.g. { type: 18 }, not');
      });
    }
    it('with an empty list', () => {
      expect(() => send([])).to.throw(RangeError, 'send: expected at least one message, got none');
    });
    for (const [to, kind, words] of [
      [5, TypeError, 'option to must be { portId, groups }, not number'],
      [{}, TypeError, 'to.portId must be a number, not undefined'],
      [{ portId: -1 }, RangeError, 'to.portId must be an integer from 0 to 4294967295, not -1'],
      [{ portId: 0, groups: 1.5 }, RangeError, 'to.groups must be an integer from 0 to 4294967295, not 1.5'],
    ] as const) {
      it(`to ${print(to)}`, () => {
        expect(() => send(GET_LINK, { to })).to.throw(kind, words);
      });
    }
  });
});
