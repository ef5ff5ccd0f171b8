import { asyncScheduler, concatMap, from, map, of, take, timer, type Observable } from 'rxjs';
import type { Message } from '../../wire/index.js';
import { captureOf, type Capture } from './capture.js';
import { asksTheSame, conversation, redirect, type RecordedReply, type RecordedRequest } from './conversation.js';
import { UnexpectedRequestError, describeRequest } from '../fake-kernel/expectations.js';
import { fakeKernel, type FakeHandler, type FakeKernel, type FakeKernelOptions } from '../fake-kernel/fake-kernel.js';
import { notificationGroup } from './notification-group.js';
import type { Replies } from '../reply/reply.js';
import type { ReplayOptions } from './replay.js';

/** How a replaying kernel behaves. @public */
export interface ReplayKernelOptions extends ReplayOptions, Omit<FakeKernelOptions, 'scheduler'> {
  /**
   * Says the group of notifications that were captured without one, by nlmon.
   * @defaultValue {@link notificationGroup}
   */
  readonly groupOf?: (message: Message, protocol: number) => number | undefined;
  /**
   * Answers requests that the capture does not hold.
   * @defaultValue they fail with an {@link UnexpectedRequestError}
   */
  readonly otherwise?: FakeHandler;
}

/**
 * A kernel that says again what it said in a capture: a transport for the whole library.
 *
 * Requests are found again by type, flags and payload, each recorded one in its turn and the last of its kind for ever; their
 * replies come as long after as they did. Notifications come at their recorded time, counted from the first opening of a
 * socket, to those who have joined their group.
 *
 * @param source - A file as {@link readCapture} takes it, or a capture: what {@link record} emitted.
 * @example A pipeline, fed with what happened in production
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
    const alike = requests.filter((recorded) => recorded.protocol === protocol && asksTheSame(recorded.request, request));
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
      scheduler.schedule(() => kernel.notify(group, bytes, { protocol, ...(nsid === undefined ? {} : { nsid }) }), due);
    }
  });
  return kernel;
}
