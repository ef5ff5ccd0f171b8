import type { Observable } from 'rxjs';
import { suggestion } from '../../check/index.js';
import {
  operationCodec,
  unknownAttributes,
  type DoName,
  type DoReply,
  type DoRequest,
  type DumpName,
  type DumpReply,
  type DumpRequest,
  type EventName,
  type EventOf,
  type FamilySchema,
  type FamilyTypes,
  type OperationSchema,
  type TypedFamilySchema,
} from '../../schema/index.js';
import { messageCheck } from '../../schema/internal.js';
import { isDumpRequest } from '../../exchange/index.js';
import { GENERIC_HEADER_SIZE, type Message, type MessageInit } from '../../wire/index.js';
import type { FakeContext, FakeKernel } from '../fake-kernel/fake-kernel-interface.js';
import type { FakeSocket, ReplyBuilder } from '../reply/reply.js';

/**
 * The replies of a typed handler: a value, several values, a builder (`ack()`, `errorReply(...)`, `done(...)`), an Observable of
 * them, or `undefined` - then the operation succeeds, and a dump is empty.
 *
 * @public
 */
export type TypedReplies<Value> = Value | ReplyBuilder | readonly (Value | ReplyBuilder)[] | Observable<Value | ReplyBuilder> | undefined;

/**
 * A value of a test in which every property is optional, at any depth. Omitted header fields are 0, omitted attributes are not
 * sent.
 *
 * @public
 */
export type Draft<Value> = Value extends string | number | bigint | boolean | symbol | undefined | Uint8Array
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Draft<Item>[]
    : { readonly [Key in keyof Value]?: Draft<Value[Key]> };

/** The handlers of a family's operations, by the kernel's names. @public */
export interface FamilyHandlers<Family extends FamilyTypes> {
  /** By operation: answers a request for one object, or one that changes something. A request without a handler fails the test. */
  readonly do?: {
    readonly [Name in DoName<Family>]?: (
      request: DoRequest<Family, Name>,
      context: FakeContext,
    ) => TypedReplies<Draft<NonNullable<DoReply<Family, Name>>>>;
  };
  /** By operation: returns the rows of a dump. A dump without a handler fails the test. */
  readonly dump?: {
    readonly [Name in DumpName<Family>]?: (
      request: DumpRequest<Family, Name>,
      context: FakeContext,
    ) => TypedReplies<Draft<DumpReply<Family, Name>>>;
  };
}

/** A decoded request. @public */
export interface TypedRequest {
  /** The name of the operation in the kernel's specification. */
  readonly op: string;
  /** `dump` if the request has the flags of a dump and the operation has one. */
  readonly mode: 'do' | 'dump';
  /** The decoded fixed header and attributes. */
  readonly value: object;
}

/** The part of a fake family that does not depend on its types. @public */
export interface AnyFakeFamily {
  /** The family's descriptor. */
  readonly schema: FamilySchema;
  /** The message type of a generic family. */
  readonly id: number;
  /** The numbers of the multicast groups, by name. */
  readonly groups: ReadonlyMap<string, number>;
  /** @internal */
  register(id: number, firstGroup: number): void;
  /** Decodes a request; undefined if it is not a request of this family. */
  decode(request: Message): TypedRequest | undefined;
  /** @internal */
  handler(mode: 'do' | 'dump', op: string): TypedHandler | undefined;
  /** Returns the operations that have a handler, e.g. `do getlink`. @internal */
  handled(): string[];
  /** @internal */
  encodeReply(op: string, mode: 'do' | 'dump', value: object): MessageInit;
}

/** A handler without the types of its family. @internal */
export type TypedHandler = (request: object, context: FakeContext) => TypedReplies<object>;

/** Handles the messages that begin and end a transaction: the kernel only acknowledges them. */
const succeed: TypedHandler = () => undefined;

type HandlerTable = Readonly<Record<'do' | 'dump', Readonly<Record<string, TypedHandler | undefined>> | undefined>>;

/**
 * A family on a fake kernel: its handlers get typed requests and return typed values. {@link fakeFamilies} combines families.
 *
 * @public
 */
export class FakeFamily<Family extends FamilyTypes> implements AnyFakeFamily {
  /** The family's descriptor. */
  readonly schema: TypedFamilySchema<Family>;
  /** The message type of a generic family; {@link fakeFamilies} assigns it. */
  id = 0;
  readonly #handlers: HandlerTable;
  readonly #groups = new Map<string, number>();

  /** @internal use {@link fakeFamily} */
  constructor(schema: TypedFamilySchema<Family>, handlers: FamilyHandlers<Family>) {
    this.schema = schema;
    this.#handlers = handlers as HandlerTable;
    for (const { name, number } of schema.groups) if (number !== undefined) this.#groups.set(name, number);
  }

  /** The numbers of the multicast groups, by name. */
  get groups(): ReadonlyMap<string, number> {
    return this.#groups;
  }

  /** Assigns the numbers of a generic family and its groups. @internal */
  register(id: number, firstGroup: number): void {
    this.id = id;
    this.schema.groups.forEach(({ name }, index) => this.#groups.set(name, firstGroup + index));
  }

  /** Builds the reply to an operation from a value. */
  reply<Name extends DoName<Family> | DumpName<Family>>(
    op: Name,
    value: Draft<
      Name extends DumpName<Family> ? DumpReply<Family, Name> : Name extends DoName<Family> ? NonNullable<DoReply<Family, Name>> : never
    >,
  ): MessageInit {
    return this.encodeReply(op, 'do', value as object);
  }

  /** Builds a notification from a value. */
  notification<Name extends keyof Family['notifications'] & string>(op: Name, value: Draft<Family['notifications'][Name]>): MessageInit {
    return this.#unsolicited(op, value as object);
  }

  /**
   * Sends a notification to the groups of its operation.
   *
   * @param group - Sends it only to this group.
   * @returns The number of sockets that it was queued for.
   */
  notify<Name extends keyof Family['notifications'] & string>(
    kernel: FakeKernel,
    op: Name,
    value: Draft<Family['notifications'][Name]>,
    group?: keyof Family['groups'] & string,
  ): number {
    const init = this.notification(op, value);
    const names = group === undefined ? (this.operation(op).groups ?? this.schema.groups.map(({ name }) => name)) : [group];
    const { protocol } = this.schema;
    return names.reduce((count, name) => count + kernel.notify(this.#groups.get(name) ?? 0, init, { protocol }), 0);
  }

  /** Builds an event that the kernel sends to one socket, from a value. */
  event<Name extends EventName<Family>>(op: Name, value: Draft<EventOf<Family, Name>>): MessageInit {
    return this.#unsolicited(op, value as object);
  }

  /**
   * Sends an event to one socket, e.g. the one of the request that a handler answers.
   *
   * @returns False if the socket is closed, or its receive queue is full.
   */
  send<Name extends EventName<Family>>(kernel: FakeKernel, socket: FakeSocket, op: Name, value: Draft<EventOf<Family, Name>>): boolean {
    return kernel.unicast(socket, this.event(op, value));
  }

  /** Decodes a request; undefined if it is not a request of this family. */
  decode(request: Message): TypedRequest | undefined {
    const { schema } = this;
    if (schema.generic !== undefined && request.type !== this.id) return undefined;
    const number = schema.generic === undefined ? request.type : request.payload[0];
    const wanted = isDumpRequest(schema.protocol, request.type, request.flags) ? (['dump', 'do'] as const) : (['do'] as const);
    for (const mode of wanted) {
      const named = schema.operations.filter((candidate) => candidate[mode]?.request === number);
      const checked = named.find((candidate) => messageCheck(schema, candidate, mode)?.(request.payload));
      const operations = checked === undefined ? named.filter(({ when }) => when === undefined) : [checked];
      const decoded = operations.map(({ name }) => {
        return { op: name, mode, value: operationCodec(schema, name).decodeRequest(request.payload, mode) };
      });
      // Operations with one number and no header differ in their attributes.
      const found = decoded.find(({ value }) => unknownAttributes(value).length === 0) ?? decoded[0];
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Returns the decoded requests of this family that a fake kernel has received, in order. */
  requests(kernel: FakeKernel): TypedRequest[] {
    return kernel.requests.flatMap((request) => this.decode(request) ?? []);
  }

  /** @internal */
  handler(mode: 'do' | 'dump', op: string): TypedHandler | undefined {
    const { transaction } = this.schema;
    const frames = op === transaction?.begin || op === transaction?.end;
    return this.#handlers[mode]?.[op] ?? (frames ? succeed : undefined);
  }

  /** @internal */
  handled(): string[] {
    return (['do', 'dump'] as const).flatMap((mode) => Object.keys(this.#handlers[mode] ?? {}).map((op) => `${mode} ${op}`));
  }

  /** @internal */
  encodeReply(op: string, mode: 'do' | 'dump', value: object): MessageInit {
    const operation = this.operation(op);
    const own = operation[mode] ?? operation.do ?? operation.dump;
    const payload = operationCodec(this.schema, op).encode(value, 'reply');
    return this.#message(own?.reply ?? own?.request ?? 0, payload);
  }

  /** @internal */
  operation(op: string): OperationSchema {
    const { operations, source } = this.schema;
    const found = operations.find(({ name }) => name === op);
    if (found !== undefined) return found;
    const names = operations.map(({ name }) => name);
    throw new TypeError(`${source} has no operation '${op}'${suggestion(op, names, ': ')}`);
  }

  #unsolicited(op: string, value: object): MessageInit {
    const { command = 0 } = this.operation(op);
    return this.#message(command, operationCodec(this.schema, op).encode(value, 'notify'));
  }

  /** Builds a message; a generic family has the number of the command in its own header. */
  #message(number: number, payload: Uint8Array): MessageInit {
    if (this.schema.generic === undefined) return { type: number, payload };
    if (payload.byteLength >= GENERIC_HEADER_SIZE) payload[0] = number;
    return { type: this.id, payload };
  }
}

/**
 * Creates a fake family: typed functions reply to its operations.
 *
 * @param schema - The descriptor of the family, e.g. `rtLinkSchema` of `rxnetlink/families/rt-link`.
 * @param handlers - The handlers by operation. A request without a handler fails the test, except the messages that begin and end a
 * transaction, which get an ack, and the request that `watch` of a dumped table sends on its own.
 * @example Reply with two links, and reject a third one
 * ```ts
 * const link = fakeFamily(rtLinkSchema, {
 *   dump: { getlink: () => [{ ifiIndex: 1, ifname: 'lo' }, { ifiIndex: 2, ifname: 'eth0' }] },
 *   do: { newlink: ({ ifname }) => (ifname === 'eth0' ? errorReply('EEXIST') : undefined) },
 * });
 * const kernel = fakeKernel(fakeFamilies(link));
 * ```
 * @public
 */
export function fakeFamily<Family extends FamilyTypes>(
  schema: TypedFamilySchema<Family>,
  handlers: FamilyHandlers<Family> = {},
): FakeFamily<Family> {
  return new FakeFamily(schema, handlers);
}
