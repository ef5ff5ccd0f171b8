import { isObservable, map, type Observable } from 'rxjs';
import { isSettleRequest } from '../../client/internal.js';
import { nlctrlSchema } from '../../families/generated/nlctrl.js';
import { Protocol, type Message, type MessageInit } from '../../wire/index.js';
import { errorReply } from '../reply/ack.js';
import { UnexpectedRequestError } from '../fake-kernel/expectations.js';
import { fakeFamily, type PlayedFamily, type TypedRequest } from './fake-family.js';
import type { FakeContext, FakeHandler } from '../fake-kernel/fake-kernel.js';
import { multipart } from '../reply/multipart.js';
import { printValue } from '../marble/print-value.js';
import type { Replies, Reply, ReplyBuilder } from '../reply/reply.js';

/** Message type of the controller (`GENL_ID_CTRL`), and where the numbers of other families and their groups begin. */
const CONTROLLER = 16;
const FIRST_FAMILY = 32;
const FIRST_GROUP = 64;

/**
 * Makes a handler that plays families: for {@link fakeKernel}.
 *
 * Generic families get their numbers here, and the controller (`nlctrl`) that names them is played too.
 *
 * @param families - In the order in which the controller lists them.
 * @returns A handler; it passes on to nobody: what no family handles fails the test.
 * @public
 */
export function fakeFamilies(...families: readonly PlayedFamily[]): FakeHandler {
  let nextGroup = FIRST_GROUP;
  families.forEach((family, index) => {
    if (family.schema.generic === undefined) return;
    family.register(family.schema.name === 'nlctrl' ? CONTROLLER : FIRST_FAMILY + index, nextGroup);
    nextGroup += family.schema.groups.length;
  });
  const served = families.some(({ schema }) => schema.name === 'nlctrl') ? families : [...families, controller(families)];
  return (request, context): Replies => {
    for (const family of served) {
      if (family.schema.protocol !== context.socket.protocol) continue;
      const decoded = family.decode(request);
      if (decoded === undefined) continue;
      if (family.handler(decoded.mode, decoded.op) === undefined && isOfWatch(served, request, context)) return errorReply('ENODEV');
      return answer(family, decoded, context);
    }
    return isOfWatch(served, request, context) ? errorReply('ENODEV') : unhandled(request, context);
  };
}

/**
 * Returns true for the request that `watch` sends for itself: after an event it asks for the loopback interface, to wait for
 * the kernel's lock. A family that dumps can be watched; any answer will do.
 */
function isOfWatch(families: readonly PlayedFamily[], request: Message, { socket }: FakeContext): boolean {
  if (socket.protocol !== Protocol.Route || !isSettleRequest(request)) return false;
  return families.some((family) => family.schema.protocol === Protocol.Route && family.handled().some((name) => name.startsWith('dump ')));
}

function answer(family: PlayedFamily, decoded: TypedRequest, context: FakeContext): Replies {
  const { op, mode, value } = decoded;
  const handler = family.handler(mode, op);
  if (handler === undefined) {
    const headline = `request ${context.index + 1}: nobody handles ${op} of ${family.schema.source}`;
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

/** Rows, closed by DONE unless a builder stands at their end. */
function dumpOf(replies: readonly Reply[]): readonly Reply[] {
  const last = replies.at(-1);
  if (typeof last !== 'function') return multipart(replies as readonly MessageInit[]);
  const rows = replies.slice(0, -1) as readonly MessageInit[];
  return rows.length === 0 ? [last] : multipart(rows, last);
}

/** The controller: tells the numbers of families, by name, by number, or all, its own among them. */
function controller(families: readonly PlayedFamily[]): PlayedFamily {
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
  const own: PlayedFamily = fakeFamily(nlctrlSchema, {
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
  throw new UnexpectedRequestError(`request ${index + 1}: no family has it`, 'a family that was given to fakeFamilies', place);
}
