import type { Expectation } from './expectations.js';
import type { FakeHandler, FakeKernel, FakeKernelOptions } from './fake-kernel-interface.js';
import { FakeKernelTransport } from './fake-kernel-transport.js';

/**
 * Creates a fake kernel, the transport below a socket in a test.
 *
 * Everything above the transport is the real library: sequence numbers, acks, dumps, timeouts, overruns. RxJS controls the time,
 * so a TestScheduler can drive it.
 *
 * @param handler - Replies to requests, or a table of expected requests and their replies; if omitted, all requests succeed.
 * @example A kernel with one link
 * ```ts
 * const kernel = fakeKernel((request) => (request.type === 18 ? multipart([{ type: 16, payload }]) : errorReply('EOPNOTSUPP')));
 * const socket = netlink({ protocol: Protocol.Route, transport: kernel });
 * ```
 * @public
 */
export function fakeKernel(handler?: FakeHandler | readonly Expectation[], options: FakeKernelOptions = {}): FakeKernel {
  return new FakeKernelTransport(handler, options);
}
