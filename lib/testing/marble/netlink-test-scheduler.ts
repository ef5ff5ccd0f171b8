import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { checkFunction } from '../../check/index.js';
import { OverrunError } from '../../errors/index.js';
import type { Datagram, DatagramOrigin, Message, MessageInit } from '../../wire/index.js';
import { CONTROL_MESSAGES, makeDatagram, makeMessage, type DatagramInit, type DatagramWithOrigin } from '../reply/datagram-init.js';
import type { Expectation } from '../fake-kernel/expectations.js';
import { fakeKernel } from '../fake-kernel/fake-kernel.js';
import type { FakeHandler, FakeKernel, FakeKernelOptions } from '../fake-kernel/fake-kernel-interface.js';
import { printFrames } from './print-frames.js';
import { secretProperties } from './secret-labels.js';

/** The result of `hot` of RxJS's helpers. @public */
export type HotObservable<T> = ReturnType<typeof TestScheduler.prototype.createHotObservable<T>>;
/** The result of `cold` of RxJS's helpers. @public */
export type ColdObservable<T> = ReturnType<typeof TestScheduler.prototype.createColdObservable<T>>;

/** The datagrams of a marble diagram, by marble. @public */
export type DatagramMarbles = Readonly<Record<string, DatagramInit | DatagramWithOrigin>>;

/** The messages of a marble diagram, by marble. @public */
export type MessageMarbles = Readonly<Record<string, MessageInit & Partial<DatagramOrigin>>>;

/**
 * The helpers of RxJS's TestScheduler, with helpers for netlink.
 *
 * A capital letter without a value is a control message of request 1 on port 1: `D` DONE, `A` ack, `E` EPERM. `#` without an
 * error is an {@link OverrunError}.
 *
 * @public
 */
export interface NetlinkRunHelpers extends RunHelpers {
  /** Creates a hot Observable of datagrams: it emits also without a subscriber. */
  readonly hotDatagrams: (marbles: string, values?: DatagramMarbles, error?: unknown) => HotObservable<Datagram>;
  /** Creates a cold Observable of datagrams: it starts to emit at the subscription. */
  readonly coldDatagrams: (marbles: string, values?: DatagramMarbles, error?: unknown) => ColdObservable<Datagram>;
  /** Creates a hot Observable of messages: it emits also without a subscriber. */
  readonly hotMessages: (marbles: string, values?: MessageMarbles, error?: unknown) => HotObservable<Message>;
  /** Creates a cold Observable of messages: it starts to emit at the subscription. */
  readonly coldMessages: (marbles: string, values?: MessageMarbles, error?: unknown) => ColdObservable<Message>;
  /** Creates a fake kernel in virtual time; `run` calls its `verify()` at the end. */
  readonly fakeKernel: (handler?: FakeHandler | readonly Expectation[], options?: FakeKernelOptions) => FakeKernel;
}

/**
 * Compares two values and throws if they differ: `assert.deepStrictEqual`, `(a, b) => expect(a).to.deep.equal(b)` with chai,
 * `(a, b) => expect(a).toEqual(b)` with vitest and jest.
 *
 * It gets lists of lines, so that every test runner prints a readable difference.
 *
 * @public
 */
export type AssertEqual = (actual: readonly string[], expected: readonly string[]) => void;

/** A TestScheduler for netlink: it prints messages and datagrams, and creates fake kernels. @public */
export class NetlinkTestScheduler extends TestScheduler {
  /** The expectations that have no `toBe()` or `toEqual()` yet, by the name of their helper. */
  #unfinished = new Map<object, string>();

  constructor(assertEqual: AssertEqual) {
    checkFunction('netlinkTestScheduler: assertEqual', assertEqual);
    super((actual: unknown, expected: unknown) => {
      const secrets = secretProperties([actual, expected]);
      assertEqual(printFrames(actual, secrets), printFrames(expected, secrets));
    });
  }

  /**
   * Runs a test in virtual time, as `TestScheduler.run` does, and then verifies the fake kernels that it created.
   *
   * A test without any expectation passes: it may compare what its streams emitted after `flush()` or after `run()`.
   *
   * @param callback - The test; it receives the helpers for messages, datagrams and fake kernels.
   * @returns The result of the callback.
   * @throws UnexpectedRequestError if a fake kernel received a request that was not expected, or did not receive an expected one.
   * @throws TypeError if `expectObservable()` or `expectSubscriptions()` was called without `toBe()`: it compares nothing.
   */
  override run<T>(callback: (helpers: NetlinkRunHelpers) => T): T {
    const kernels: FakeKernel[] = [];
    this.#unfinished = new Map();
    const verify = (): void => {
      for (const kernel of kernels) kernel.verify();
    };
    let result: T;
    try {
      result = super.run((helpers) => callback({ ...helpers, ...this.#helpers(kernels) }));
    } catch (error) {
      // An unexpected request is the reason why the marbles differ, so it is reported instead. A missing request is not.
      for (const kernel of kernels) kernel.verify({ missing: false });
      throw error;
    }
    verify();
    const [name] = this.#unfinished.values();
    if (name !== undefined)
      throw new TypeError(`netlinkTestScheduler: ${name}() without toBe() compares nothing; write ${name}(...).toBe(marbles)`);
    return result;
  }

  /** Compares an Observable with marbles, as `TestScheduler` does; `run` fails if no `toBe()` follows. */
  override expectObservable<T>(
    ...given: Parameters<typeof TestScheduler.prototype.expectObservable<T>>
  ): ReturnType<typeof TestScheduler.prototype.expectObservable<T>> {
    return this.#follow('expectObservable', super.expectObservable(...given));
  }

  /** Compares subscriptions with marbles, as `TestScheduler` does; `run` fails if no `toBe()` follows. */
  override expectSubscriptions(
    ...given: Parameters<typeof TestScheduler.prototype.expectSubscriptions>
  ): ReturnType<typeof TestScheduler.prototype.expectSubscriptions> {
    return this.#follow('expectSubscriptions', super.expectSubscriptions(...given));
  }

  /** Returns an expectation that is unfinished until one of its methods is called. */
  #follow<Expected extends object>(name: string, expected: Expected): Expected {
    this.#unfinished.set(expected, name);
    return new Proxy(expected, {
      get: (target, property) => {
        this.#unfinished.delete(target);
        return Reflect.get(target, property) as unknown;
      },
    });
  }

  #helpers(kernels: FakeKernel[]): Omit<NetlinkRunHelpers, keyof RunHelpers> {
    const lost = (error: unknown): unknown => error ?? new OverrunError(1);
    return {
      hotDatagrams: (marbles, values, error) => this.createHotObservable(marbles, datagramsOf(values), lost(error)),
      coldDatagrams: (marbles, values, error) => this.createColdObservable(marbles, datagramsOf(values), lost(error)),
      hotMessages: (marbles, values, error) => this.createHotObservable(marbles, messagesOf(values), lost(error)),
      coldMessages: (marbles, values, error) => this.createColdObservable(marbles, messagesOf(values), lost(error)),
      fakeKernel: (handler, options) => {
        const kernel = fakeKernel(handler, options);
        kernels.push(kernel);
        return kernel;
      },
    };
  }
}

/**
 * Creates a TestScheduler for netlink: marbles of datagrams and messages, fake kernels in virtual time, readable differences.
 *
 * @param assertEqual - The deep comparison of the test library.
 * @example With chai
 * ```ts
 * netlinkTestScheduler((actual, expected) => expect(actual).to.deep.equal(expected)).run(({ hotMessages, expectObservable }) => {
 *   const source = hotMessages('-a-b-|', { a: { type: 16 }, b: { type: 17 } });
 *   expectObservable(source.pipe(map(({ type }) => type))).toBe('-a-b-|', { a: 16, b: 17 });
 * });
 * ```
 * @public
 */
export function netlinkTestScheduler(assertEqual: AssertEqual): NetlinkTestScheduler {
  return new NetlinkTestScheduler(assertEqual);
}

function datagramsOf(values: DatagramMarbles = {}): Record<string, Datagram> {
  return Object.fromEntries(Object.entries({ ...CONTROL_MESSAGES, ...values }).map(([marble, init]) => [marble, makeDatagram(init)]));
}

function messagesOf(values: MessageMarbles = {}): Record<string, Message> {
  return Object.fromEntries(Object.entries({ ...CONTROL_MESSAGES, ...values }).map(([marble, init]) => [marble, makeMessage(init)]));
}
