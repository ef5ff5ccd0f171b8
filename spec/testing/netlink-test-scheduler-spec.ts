import assert from 'node:assert/strict';
import { expect } from 'chai';
import { catchError, map, mergeMap, of, throwError, windowCount } from 'rxjs';
import { KernelError, OverrunError } from '../../lib/errors/index.js';
import { netlinkTestScheduler, notification, type AssertEqual, type NetlinkRunHelpers } from '../../lib/testing/index.js';
import { MessageFlags, MessageType, encodeMessage, iterateMessages, type Message } from '../../lib/wire/index.js';
import { drive } from './support.js';

const withChai: AssertEqual = (actual, expected) => {
  expect(actual).to.deep.equal(expected);
};
const run = (callback: (helpers: NetlinkRunHelpers) => void): void => {
  netlinkTestScheduler(withChai).run(callback);
};

/** Returns the lines of a difference that a test library gets. */
function differenceOf(callback: (helpers: NetlinkRunHelpers) => void): { actual: readonly string[]; expected: readonly string[] } {
  let seen: { actual: readonly string[]; expected: readonly string[] } | undefined;
  netlinkTestScheduler((actual, expected) => {
    seen = { actual, expected };
  }).run(callback);
  if (seen === undefined) throw new Error('nothing was compared');
  return seen;
}

describe('netlinkTestScheduler', () => {
  it('creates hot and cold datagrams and messages from marbles', () => {
    run(({ hotDatagrams, coldDatagrams, hotMessages, coldMessages, expectObservable }) => {
      const datagrams = { a: { type: 16 }, b: [{ type: 17 }, { type: 18 }] };
      const types = { a: [16], b: [17, 18] };
      const typesOf = map(({ bytes }: { bytes: Uint8Array }) => [...iterateMessages(bytes)].map(({ type }) => type));
      expectObservable(hotDatagrams('  a-^-a-b-|', datagrams).pipe(typesOf)).toBe('--a-b-|', types);
      expectObservable(coldDatagrams('--a-b-|', datagrams).pipe(typesOf)).toBe('--a-b-|', types);
      const messages = { a: { type: 16, group: 1 } };
      expectObservable(hotMessages('-a-|', messages).pipe(map(({ group }) => group))).toBe('-a-|', { a: 1 });
      expectObservable(coldMessages('-a-|', messages).pipe(map(({ type }) => type))).toBe('-a-|', { a: 16 });
    });
  });

  it('has control messages for capital letters, and an OverrunError for #', () => {
    run(({ coldMessages, coldDatagrams, expectObservable }) => {
      const { Done, Error } = MessageType;
      expectObservable(coldMessages('DAE').pipe(map(({ type, sequence, portId }) => [type, sequence, portId]))).toBe('DAE', {
        D: [Done, 1, 1],
        A: [Error, 1, 1],
        E: [Error, 1, 1],
      });
      const errnoOf = map(({ payload }: Message) => new Int32Array(payload.slice(0, 4).buffer)[0]);
      expectObservable(coldMessages('DAE').pipe(errnoOf)).toBe('DAE', { D: 0, A: 0, E: -1 });
      expectObservable(coldDatagrams('-#').pipe(catchError((error: unknown) => of(error instanceof OverrunError)))).toBe('-(a|)', {
        a: true,
      });
    });
  });

  it('accepts origins of datagrams and messages', () => {
    run(({ coldDatagrams, coldMessages, expectObservable }) => {
      const sender = { portId: 7, groups: 0 };
      const values = { a: { messages: { type: 16 }, group: 3, nsid: 2, sender } };
      expectObservable(coldDatagrams('a|', values).pipe(map(({ group, nsid, sender: { portId } }) => [group, nsid, portId]))).toBe('a|', {
        a: [3, 2, 7],
      });
      expectObservable(coldMessages('a|', { a: { type: 16, sender, unsure: true } }).pipe(map(({ origin }) => origin))).toBe('a|', {
        a: { sender, group: 0, unsure: true },
      });
    });
  });

  it('compares messages and typed values', () => {
    run(({ coldMessages, cold, expectObservable, expectSubscriptions }) => {
      const source = coldMessages('-a-|', { a: { type: 16, payload: Uint8Array.of(1) } });
      expectObservable(source).toEqual(coldMessages('-a-|', { a: { type: 16, payload: Uint8Array.of(1) } }));
      expectSubscriptions(source.subscriptions).toBe('^--!');
      expectObservable(cold('a', { a: { mtu: 1500, txBytes: 10n, address: Uint8Array.of(1) } })).toBe('a', {
        a: { txBytes: 10n, address: Uint8Array.of(1), mtu: 1500 },
      });
    });
  });

  it('prints one line for each difference', () => {
    const { actual, expected } = differenceOf(({ coldMessages, expectObservable }) => {
      const flags = MessageFlags.Multi;
      expectObservable(coldMessages('-a-D|', { a: { type: 16, flags, sequence: 4, payload: Uint8Array.of(1, 255), group: 1 } })).toBe(
        '-a-|',
        {
          a: { mtu: 1500, name: "it's", stats: 7n, mac: Uint8Array.of(2, 0) },
        },
      );
    });
    expect(actual).to.deep.equal([
      '1 ms: message(type 16 flags multi sequence 4 port 0 group 1 <01 ff>)',
      '3 ms: message(type done flags multi sequence 1 port 1 <00 00 00 00>)',
      '4 ms: complete',
    ]);
    expect(expected).to.deep.equal(["1 ms: { mac: <02 00>, mtu: 1500, name: 'it\\'s', stats: 7n }", '3 ms: complete']);
  });

  it('prints errors, inner Observables and subscriptions', () => {
    const lines = (callback: (helpers: NetlinkRunHelpers) => void): readonly string[] => differenceOf(callback).actual;
    expect(
      lines(({ cold, expectObservable }) => {
        const error = new KernelError({ errno: -2, operation: 'getlink' });
        expectObservable(cold('a').pipe(mergeMap(() => throwError(() => error)))).toBe('');
      }),
    ).to.deep.equal(['0 ms: error KernelError: ENOENT getlink']);
    expect(
      lines(({ cold, expectObservable }) => {
        expectObservable(cold('ab|').pipe(windowCount(2))).toBe('');
      })[0],
    ).to.equal("0 ms: [0 ms: 'a'; 1 ms: 'b'; 1 ms: complete]");
    expect(
      lines(({ cold, expectSubscriptions }) => {
        const source = cold('-|');
        source.subscribe();
        expectSubscriptions(source.subscriptions).toBe('');
      }),
    ).to.deep.equal(['subscribed at 0 ms, unsubscribed at 1 ms']);
  });

  it('fails when marbles differ, with chai and with node:assert', () => {
    const withAssert: AssertEqual = (actual, expected) => {
      assert.deepStrictEqual(actual, expected);
    };
    for (const assertEqual of [withChai, withAssert]) {
      let thrown: unknown;
      try {
        netlinkTestScheduler(assertEqual).run(({ coldMessages, expectObservable }) => {
          expectObservable(coldMessages('a|', { a: { type: 16 } })).toEqual(coldMessages('a|', { a: { type: 17 } }));
        });
      } catch (error) {
        thrown = error;
      }
      expect(thrown).to.have.property('name', 'AssertionError');
      expect(thrown).to.have.deep.property('actual', ['0 ms: message(type 16 sequence 0 port 0 <>)', '1 ms: complete']);
      expect(thrown).to.have.deep.property('expected', ['0 ms: message(type 17 sequence 0 port 0 <>)', '1 ms: complete']);
    }
  });

  it('creates fake kernels in virtual time and verifies them', () => {
    const at: number[] = [];
    const scheduler = netlinkTestScheduler(withChai);
    scheduler.run(({ fakeKernel, hot }) => {
      const kernel = fakeKernel();
      const { connection } = drive(kernel);
      connection.join(1);
      kernel.received.subscribe(() => at.push(scheduler.now()));
      hot('---a').subscribe(() => {
        kernel.notify(1, notification(16, new Uint8Array()));
        const bytes = encodeMessage({ type: 18, flags: 5, sequence: 1 });
        connection.send(bytes, 16);
      });
    });
    expect(at).to.deep.equal([3]);
    expect(() => {
      run(({ fakeKernel }) => {
        fakeKernel([{ type: 18 }]);
      });
    }).to.throw(/were not sent/);
  });

  it('reports an unexpected request instead of the difference that it causes', () => {
    const request = { type: 20, flags: MessageFlags.Request };
    expect(() => {
      run(({ fakeKernel, cold, expectObservable }) => {
        const kernel = fakeKernel([{ type: 18 }]);
        const asked = cold('-a').pipe(
          map(() => {
            drive(kernel).send(request);
          }),
          catchError(() => of('caught')),
        );
        expectObservable(asked).toBe('-a');
      });
    }).to.throw(/request 1 is not the expected one/);
  });
});
