import { asyncScheduler, concatMap, from, map, of, take, timer, type Observable } from 'rxjs';
import { omitUndefined } from '../../check/index.js';
import type { Message } from '../../wire/index.js';
import type { Capture } from './capture.js';
import { captureOf } from './capture-file.js';
import { isSameRequest, conversation, redirect, type RecordedReply, type RecordedRequest } from './conversation.js';
import { UnexpectedRequestError, describeRequest } from '../fake-kernel/expectations.js';
import { fakeKernel } from '../fake-kernel/fake-kernel.js';
import type { FakeHandler, FakeKernel, FakeKernelOptions } from '../fake-kernel/fake-kernel-interface.js';
import { notificationGroup } from './notification-group.js';
import type { Replies } from '../reply/reply.js';
import type { ReplayOptions } from './replay.js';

/** The options of a replaying kernel. @public */
export interface ReplayKernelOptions extends ReplayOptions, Omit<FakeKernelOptions, 'scheduler'> {
  /**
   * Returns the group of notifications that were captured without their group (nlmon).
   * @defaultValue {@link notificationGroup}
   */
  readonly groupOf?: (message: Message, protocol: number) => number | undefined;
  /**
   * Replies to requests that are not in the capture.
   * @defaultValue fails with an {@link UnexpectedRequestError}
   */
  readonly otherwise?: FakeHandler;
}

/**
 * Creates a fake kernel that replays a capture: a transport for the whole library.
 *
 * It finds a request by type, flags and payload. Equal requests get the recorded replies in order, and the last ones again for
 * further requests. Replies keep their delay. Notifications are sent at their recorded time, counted from the first opening of a
 * socket, to the members of their group.
 *
 * @param source - The name of a file for {@link readCapture}, or a capture with the datagrams of {@link record}.
 * @example Replay the traffic of a production machine in a pipeline
 * ```ts
 * const socket = netlink({ protocol: Protocol.Route, transport: replayKernel('flap.pcap', { speed: 100 }) });
 * ```
 * @public
 */
export function replayKernel(source: Capture | string | URL, options: ReplayKernelOptions = {}): FakeKernel {
  const { speed = 1, scheduler = asyncScheduler, groupOf = notificationGroup, otherwise, ...rest } = options;
  const { requests, events } = conversation(captureOf(source), speed, groupOf);
  const used = new Set<RecordedRequest>();

  const recall = (request: Message, protocol: number): RecordedRequest | undefined => {
    const alike = requests.filter((recorded) => recorded.protocol === protocol && isSameRequest(recorded.request, request));
    const found = alike.find((recorded) => !used.has(recorded)) ?? alike.at(-1);
    if (found !== undefined) used.add(found);
    return found;
  };

  const handler: FakeHandler = (request, context): Replies => {
    const recorded = recall(request, context.socket.protocol);
    if (recorded !== undefined) return play(recorded.replies, { sequence: request.sequence, portId: context.socket.portId });
    if (otherwise !== undefined) return otherwise(request, context);
    const known = requests.map(({ request: message }) => `type ${message.type}, ${message.payload.byteLength} bytes`);
    throw new UnexpectedRequestError(
      `request ${context.index + 1} is not in the capture`,
      known.length === 0 ? 'nothing' : known.join('\n'),
      describeRequest(request),
    );
  };

  const play = (replies: readonly RecordedReply[], to: { sequence: number; portId: number }): Observable<Uint8Array> => {
    let before = 0;
    return from(replies).pipe(
      concatMap(({ after, bytes }) => {
        const delay = after - before;
        before = after;
        const datagram = redirect(bytes, to);
        return delay > 0 ? timer(delay, scheduler).pipe(map(() => datagram)) : of(datagram);
      }),
    );
  };

  const kernel = fakeKernel(handler, { ...rest, scheduler });
  kernel.openings.pipe(take(1)).subscribe(() => {
    for (const { due, datagram } of events) {
      const { protocol, group, bytes, nsid } = datagram;
      scheduler.schedule(() => kernel.notify(group, bytes, { protocol, ...omitUndefined({ nsid }) }), due);
    }
  });
  return kernel;
}
