import { lastValueFrom, toArray } from 'rxjs';
import { FamilyClient } from '../../lib/client/index.js';
import { readGenericFamily } from '../../lib/client/generic-family.js';
import { DecodeError } from '../../lib/errors/index.js';
import type { FamilySchema, TypedFamilySchema } from '../../lib/schema/index.js';
import type { UntypedFamily } from '../../lib/spec-loader/untyped-family.js';
import { conversation, redirect, type RecordedRequest } from '../../lib/testing/capture/conversation.js';
import { ack, fakeKernel, fakeFamily, type Capture, type FakeHandler, type TypedRequest } from '../../lib/testing/index.js';
import { messagesOf } from '../../lib/testing/fake-kernel/messages-of.js';
import { MessageFlags, MessageType, type Message } from '../../lib/wire/index.js';

/** A row, as a comparer sees it before it knows the operation. */
export type Row = Readonly<Record<string, unknown>>;

/** What the library makes of the answer to one recorded request. */
export interface Answer {
  /** The kernel's name of the operation. */
  readonly op: string;
  readonly mode: 'do' | 'dump';
  /** What was asked, decoded. */
  readonly request: Row;
  readonly rows: readonly Row[];
  /** The error that the operation ended with instead. */
  readonly error?: unknown;
}

/** A question in the old way (`struct rtgenmsg`). */
export interface OldQuestion {
  readonly type: number;
  readonly asked: TypedRequest;
}

/** A recorded request of a family, and the messages that answered it. */
export interface Exchange {
  readonly recorded: RecordedRequest;
  readonly asked: TypedRequest;
}

/** Message type of the controller of generic families (`GENL_ID_CTRL`). */
const CONTROLLER = 16;
const GENERIC = 16;

/**
 * Asks a family's client for all that was asked in a capture, on a kernel that answers as it did then.
 *
 * Requests are the tool's, decoded and encoded again; the answers come back by their turn, whatever the request's bytes are:
 * tools set flags otherwise than the client.
 *
 * @param old - What is meant by a question of its type that has a header of one byte; without it such questions are left out.
 */
export async function play(schema: FamilySchema, capture: Capture, old?: OldQuestion): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { recorded, asked } of exchanges(schema, capture, old)) {
    const { op, mode, value } = asked;
    using client = new FamilyClient<UntypedFamily>(schema, {
      transport: fakeKernel(answering(schema, capture, recorded)),
    });
    const request = value as Row;
    const replies = mode === 'dump' ? client.dump(op, request) : client.do(op, request);
    const answer = { op, mode, request };
    try {
      const rows: (Row | undefined)[] = await lastValueFrom(replies.pipe(toArray()));
      answers.push({ ...answer, rows: rows.filter((row) => row !== undefined) });
    } catch (error) {
      answers.push({ ...answer, rows: [], error });
    }
  }
  return answers;
}

/** The requests of a family in a capture, each with what answered it. */
export function exchanges(schema: FamilySchema, capture: Capture, old?: OldQuestion): Exchange[] {
  const decoder = fakeFamily(schema as TypedFamilySchema<UntypedFamily>, {});
  if (schema.generic !== undefined) decoder.register(numberOf(schema, capture)?.type ?? -1, 0);
  return talk(capture).flatMap((recorded) => {
    if (recorded.protocol !== schema.protocol) return [];
    const asked = decodeRequest(decoder, recorded.request) ?? (recorded.request.type === old?.type ? old.asked : undefined);
    return asked === undefined ? [] : [{ recorded, asked }];
  });
}

/** Old tools ask with a header of one byte (`struct rtgenmsg`), which the kernel takes: such questions are left out. */
function decodeRequest(decoder: { decode: (request: Message) => TypedRequest | undefined }, request: Message): TypedRequest | undefined {
  try {
    return decoder.decode(request);
  } catch (error) {
    if (error instanceof DecodeError && request.payload.byteLength <= 4) return undefined;
    throw error;
  }
}

/** The conversation of a capture; nothing in it came unasked. */
export function talk(capture: Capture): RecordedRequest[] {
  return conversation(capture, Infinity, () => undefined).requests;
}

/** Messages of replies, without acks and DONE. */
export function repliesOf({ replies }: RecordedRequest): Message[] {
  return replies
    .flatMap(({ bytes }) => [...messagesOf(bytes)])
    .filter(({ type }) => type !== MessageType.Done && type !== MessageType.Error);
}

/** Says the recorded answer to whatever is asked, but for the family's number. */
function answering(schema: FamilySchema, capture: Capture, recorded: RecordedRequest): FakeHandler {
  return (request, { socket }) => {
    const to = { sequence: request.sequence, portId: socket.portId };
    if (socket.protocol === GENERIC && request.type === CONTROLLER && isResolution(request) && !isResolution(recorded.request)) {
      const number = numberOf(schema, capture);
      if (number === undefined) throw new Error(`the capture does not tell the number of ${schema.name}`);
      return number.bytes === undefined ? undefined : [single(redirect(number.bytes, to)), ack()];
    }
    const replies = recorded.replies.map(({ bytes }) => redirect(bytes, to));
    return isEnded(recorded) ? replies : [...replies, ack()];
  };
}

/** The client's own question, for a family's number: CTRL_CMD_GETFAMILY, and no dump. */
function isResolution({ type, flags, payload }: Message): boolean {
  return type === CONTROLLER && payload[0] === 3 && (flags & MessageFlags.Dump) === 0;
}

/** Whether a kernel's answer has an end of its own: tools do not always ask for an ack. */
function isEnded({ replies }: RecordedRequest): boolean {
  return replies.flatMap(({ bytes }) => [...messagesOf(bytes)]).some(({ type }) => type === MessageType.Done || type === MessageType.Error);
}

/** A message that may have been a part of many, as the only one. */
function single(message: Uint8Array): Uint8Array {
  new DataView(message.buffer).setUint16(6, 0, true);
  return message;
}

/** What the controller said of a family: its number, and the message. The controller's own number is fixed. */
function numberOf(schema: FamilySchema, capture: Capture): { readonly type: number; readonly bytes?: Uint8Array } | undefined {
  for (const recorded of talk(capture)) {
    if (recorded.protocol !== GENERIC || recorded.request.type !== CONTROLLER) continue;
    for (const message of repliesOf(recorded)) {
      const family = readGenericFamily(message);
      if (family?.name === schema.name) return { type: family.id, bytes: message.bytes };
    }
  }
  return schema.name === 'nlctrl' ? { type: CONTROLLER } : undefined;
}
