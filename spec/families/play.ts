import { lastValueFrom, toArray } from 'rxjs';
import { FamilyClient } from '../../lib/client/index.js';
import { readGenericFamily } from '../../lib/client/generic-family.js';
import { DecodeError } from '../../lib/errors/index.js';
import { operationCodec, type FamilySchema, type TypedFamilySchema } from '../../lib/schema/index.js';
import type { UntypedFamily } from '../../lib/client/index.js';
import { conversation, redirect, type RecordedRequest } from '../../lib/testing/capture/conversation.js';
import { ack, fakeKernel, fakeFamily, type Capture, type FakeHandler, type TypedRequest } from '../../lib/testing/index.js';
import { messagesOf } from '../../lib/testing/fake-kernel/messages-of.js';
import { MessageFlags, MessageType, type Message } from '../../lib/wire/index.js';

/** A row whose operation the comparer does not know yet. */
export type Row = Readonly<Record<string, unknown>>;

/** The decoded reply to one recorded request. */
export interface Answer {
  /** The kernel's name of the operation. */
  readonly op: string;
  readonly mode: 'do' | 'dump';
  /** The decoded request. */
  readonly request: Row;
  readonly rows: readonly Row[];
  /** The error that ended the operation. */
  readonly error?: unknown;
}

/** A request with the old header of one byte (`struct rtgenmsg`), or without the flags of a dump. */
export interface OldRequest {
  readonly type: number;
  readonly asked: TypedRequest;
}

/** A recorded request of a family, decoded. */
export interface Exchange {
  readonly recorded: RecordedRequest;
  readonly asked: TypedRequest;
}

/** The message type of the generic controller (`GENL_ID_CTRL`). */
const CONTROLLER = 16;
const GENERIC = 16;

/**
 * Sends all requests of a capture with a family's client, to a fake kernel that answers as recorded.
 *
 * The requests are those of the tool, decoded and encoded again. The fake kernel answers in the recorded order and ignores the
 * bytes of the requests, because tools set flags that the client does not set.
 *
 * @param old - The meaning of a request of its type with another header or other flags; without it such requests are omitted.
 */
export async function play(schema: FamilySchema, capture: Capture, old?: OldRequest): Promise<Answer[]> {
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

/** Returns the requests of a family in a capture, each with its recorded replies. */
export function exchanges(schema: FamilySchema, capture: Capture, old?: OldRequest): Exchange[] {
  const decoder = fakeFamily(schema as TypedFamilySchema<UntypedFamily>, {});
  if (schema.generic !== undefined) decoder.register(numberOf(schema, capture)?.type ?? -1, 0);
  return talk(capture).flatMap((recorded) => {
    if (recorded.protocol !== schema.protocol) return [];
    const asked = decodeRequest(decoder, recorded.request) ?? (recorded.request.type === old?.type ? old.asked : undefined);
    return asked === undefined ? [] : [{ recorded, asked }];
  });
}

/** Decodes a request; undefined if it has the header of one byte (`struct rtgenmsg`) that old tools send and the kernel accepts. */
function decodeRequest(decoder: { decode: (request: Message) => TypedRequest | undefined }, request: Message): TypedRequest | undefined {
  try {
    return decoder.decode(request);
  } catch (error) {
    if (error instanceof DecodeError && request.payload.byteLength <= 4) return undefined;
    throw error;
  }
}

/** Returns the requests and replies of a capture, without its unsolicited messages. */
export function talk(capture: Capture): RecordedRequest[] {
  return conversation(capture, Infinity, () => undefined).requests;
}

/** Returns the messages of replies, without acks and DONE. */
export function repliesOf({ replies }: RecordedRequest): Message[] {
  return replies
    .flatMap(({ bytes }) => [...messagesOf(bytes)])
    .filter(({ type }) => type !== MessageType.Done && type !== MessageType.Error);
}

/** Answers every request with the recorded replies, except the request for the family's number. */
function answering(schema: FamilySchema, capture: Capture, recorded: RecordedRequest): FakeHandler {
  return (request, { socket }) => {
    const to = { sequence: request.sequence, portId: socket.portId };
    if (socket.protocol === GENERIC && request.type === CONTROLLER && isResolution(request) && !isResolution(recorded.request)) {
      const number = numberOf(schema, capture);
      if (number === undefined) throw new Error(`the capture does not contain the number of ${schema.name}`);
      return number.bytes === undefined ? undefined : [single(redirect(number.bytes, to)), ack()];
    }
    const replies = recorded.replies.map(({ bytes }) => redirect(bytes, to));
    return isEnded(recorded) ? replies : [...replies, ack()];
  };
}

/** Tests for the client's own request for a family's number: CTRL_CMD_GETFAMILY, not a dump. */
function isResolution({ type, flags, payload }: Message): boolean {
  return type === CONTROLLER && payload[0] === 3 && (flags & MessageFlags.Dump) === 0;
}

/** Tests whether the replies end with an ack or DONE: tools do not always request an ack. */
function isEnded({ replies }: RecordedRequest): boolean {
  return replies.flatMap(({ bytes }) => [...messagesOf(bytes)]).some(({ type }) => type === MessageType.Done || type === MessageType.Error);
}

/** Clears the flags of a message that may be part of a dump. */
function single(message: Uint8Array): Uint8Array {
  new DataView(message.buffer).setUint16(6, 0, true);
  return message;
}

/** Finds the controller's reply about a family: its number, and the message. The number of the controller itself is fixed. */
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

/** An unsolicited message of a capture, with the operation that it is. */
export interface EventMessage {
  /** The kernel's name of the operation. */
  readonly op: string;
  readonly message: Message;
}

/** Returns the messages of a capture that are events or notifications of a family, to one socket or to a group; a reply is not an event. */
export function eventMessages(schema: FamilySchema, capture: Capture): EventMessage[] {
  const names = new Map(
    schema.operations
      .filter(({ event, notify }) => event === true || notify !== undefined)
      .map(({ name, command }) => [command, name] as const),
  );
  if (names.size === 0) return [];
  const type = schema.generic === undefined ? undefined : (numberOf(schema, capture)?.type ?? -1);
  const replies = new Set(talk(capture).flatMap((recorded) => recorded.replies.map(({ bytes }) => bytes)));
  return capture.datagrams
    .filter(({ direction, protocol, bytes }) => direction === 'received' && protocol === schema.protocol && !replies.has(bytes))
    .flatMap(({ bytes }) => [...messagesOf(bytes)])
    .flatMap((message) => {
      if (type !== undefined && message.type !== type) return [];
      const op = names.get(type === undefined ? message.type : message.payload[0]!);
      return op === undefined ? [] : [{ op, message }];
    });
}

/** Returns the decoded values of these messages. */
export function decodedEvents(schema: FamilySchema, capture: Capture): object[] {
  return eventMessages(schema, capture).map(({ op, message }) => operationCodec(schema, op).decode(message));
}
