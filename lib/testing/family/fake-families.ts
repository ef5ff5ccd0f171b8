import { isObservable, map, type Observable } from 'rxjs';
import { isSettleRequest } from '../../client/internal.js';
import { nlctrlSchema } from '../../families/generated/nlctrl.js';
import { Protocol, type Message, type MessageInit } from '../../wire/index.js';
import { errorReply } from '../reply/ack.js';
import { UnexpectedRequestError } from '../fake-kernel/expectations.js';
import { fakeFamily, type AnyFakeFamily, type TypedRequest } from './fake-family.js';
import type { FakeContext, FakeHandler } from '../fake-kernel/fake-kernel-interface.js';
import { multipart } from '../reply/multipart.js';
import { printValue } from '../marble/print-value.js';
import type { Replies, Reply, ReplyBuilder } from '../reply/reply.js';

/** The message type of the controller (`GENL_ID_CTRL`), and the first numbers of other families and their groups. */
const CONTROLLER = 16;
const FIRST_FAMILY = 32;
const FIRST_GROUP = 64;

/**
 * Creates a handler of fake families for {@link fakeKernel}.
 *
 * It assigns numbers to generic families, and adds the controller (`nlctrl`) that lists them.
 *
 * @param families - The families, in the order in which the controller lists them.
 * @returns A handler; a request that no family handles fails the test.
 * @public
 */
export function fakeFamilies(...families: readonly AnyFakeFamily[]): FakeHandler {
  let nextGroup = FIRST_GROUP;
  families.forEach((family, index) => {
    if (family.schema.generic === undefined) return;
    family.register(family.schema.name === 'nlctrl' ? CONTROLLER : FIRST_FAMILY + index, nextGroup);
    nextGroup += family.schema.groups.length;
  });
  const all = families.some(({ schema }) => schema.name === 'nlctrl') ? families : [...families, controller(families)];
  return (request, context): Replies => {
    for (const family of all) {
      if (family.schema.protocol !== context.socket.protocol) continue;
      const decoded = family.decode(request);
      if (decoded === undefined) continue;
      if (family.handler(decoded.mode, decoded.op) === undefined && isSettleOfWatch(all, request, context)) return errorReply('ENODEV');
      return answer(family, decoded, context);
    }
    return isSettleOfWatch(all, request, context) ? errorReply('ENODEV') : unhandled(request, context);
  };
}

/**
 * Returns true for the request that `watch` sends on its own: after an event it asks for the loopback interface, to wait for
 * the kernel's lock. A family that dumps can be watched; `watch` accepts any reply.
 */
function isSettleOfWatch(families: readonly AnyFakeFamily[], request: Message, { socket }: FakeContext): boolean {
  if (socket.protocol !== Protocol.Route || !isSettleRequest(request)) return false;
  return families.some((family) => family.schema.protocol === Protocol.Route && family.handled().some((name) => name.startsWith('dump ')));
}

function answer(family: AnyFakeFamily, decoded: TypedRequest, context: FakeContext): Replies {
  const { op, mode, value } = decoded;
  const handler = family.handler(mode, op);
  if (handler === undefined) {
    const headline = `request ${context.index + 1}: no handler for ${op} of ${family.schema.source}`;
    throw new UnexpectedRequestError(headline, family.handled().join('\n') || 'nothing', `${mode} ${op}\n${printValue(value)}`);
  }
  const encode = (item: object | ReplyBuilder): Reply =>
    typeof item === 'function' ? (item as ReplyBuilder) : family.encodeReply(op, mode, item);
  const replies = handler(value, context);
  if (replies === undefined) return undefined;
  if (isObservable(replies)) return (replies as Observable<object>).pipe(map(encode));
  const list = (Array.isArray(replies) ? replies : [replies]) as (object | ReplyBuilder)[];
  return mode === 'dump' ? dumpOf(list.map(encode)) : list.map(encode);
}

/** Returns the rows of a dump, followed by DONE or by the builder at their end. */
function dumpOf(replies: readonly Reply[]): readonly Reply[] {
  const last = replies.at(-1);
  if (typeof last !== 'function') return multipart(replies as readonly MessageInit[]);
  const rows = replies.slice(0, -1) as readonly MessageInit[];
  return rows.length === 0 ? [last] : multipart(rows, last);
}

/** Creates the controller: it returns the numbers of a family by name or number, or of all families including itself. */
function controller(families: readonly AnyFakeFamily[]): AnyFakeFamily {
  const rows = () =>
    [own, ...families]
      .filter(({ schema }) => schema.generic !== undefined)
      .map(({ id, schema, groups }) => ({
        familyName: schema.name,
        familyId: id,
        version: schema.generic?.version ?? 0,
        hdrsize: 0,
        maxattr: 0,
        mcastGroups: [...groups].map(([name, number]) => ({ name, id: number })),
      }));
  const own: AnyFakeFamily = fakeFamily(nlctrlSchema, {
    do: {
      getfamily: ({ familyName, familyId }) =>
        rows().find((row) => row.familyName === familyName || row.familyId === familyId) ?? errorReply('ENOENT'),
    },
    dump: { getfamily: rows },
  });
  own.register(CONTROLLER, CONTROLLER);
  return own;
}

function unhandled(request: Message, { socket, index }: FakeContext): never {
  const place =
    socket.protocol === Protocol.Generic ? `family ${request.type}, command ${request.payload[0] ?? 'none'}` : `type ${request.type}`;
  throw new UnexpectedRequestError(
    `request ${index + 1} belongs to no family`,
    'a request of a family that was passed to fakeFamilies',
    place,
  );
}
