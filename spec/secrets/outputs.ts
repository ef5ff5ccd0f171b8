import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { lastValueFrom, map, of, type Observable } from 'rxjs';
import { FamilyClient } from '../../lib/client/index.js';
import { messageBox, stringify, type TraceEvent } from '../../lib/index.js';
import { operationCodec } from '../../lib/schema/index.js';
import {
  ack,
  errorReply,
  fakeFamilies,
  fakeFamily,
  fakeKernel,
  netlinkTestScheduler,
  printValue,
  type FakeHandler,
  type FakeKernel,
} from '../../lib/testing/index.js';
import type { SecretPlace } from './places.js';

/** Texts that a program may log, by their origin. */
export type Outputs = Record<string, string>;

const CHANNELS = ['send', 'receive', 'overrun', 'stray', 'warning', 'unknown'].map((name) => `rxnetlink:${name}`);

/** Returns all texts by which one value can be printed. */
export function printed(value: unknown): string {
  const texts = [
    inspect(value, { depth: Infinity, maxArrayLength: null, showHidden: false }),
    stringify(value),
    printValue(value),
    String(value),
  ];
  if (value instanceof Error) {
    texts.push(value.message, value.stack ?? '', inspect(value.cause, { depth: Infinity }), JSON.stringify(value));
    // Loggers also print properties of errors that are not enumerable.
    for (const name of Object.getOwnPropertyNames(value)) {
      const property = (value as unknown as Record<string, unknown>)[name];
      texts.push(inspect(property, { depth: Infinity, maxArrayLength: null }), JSON.stringify(property) ?? '', stringify(property));
    }
  }
  return texts.join('\n');
}

/** Uses a secret in every way that produces text. */
export async function outputsOf(place: SecretPlace, secret: Uint8Array): Promise<Outputs> {
  const outputs: Outputs = {};
  const value = valueOf(place, secret);
  if (place.mode === 'reply') return { ...decoded(place, value), ...marbles(place, value, secret) };
  const events: string[] = [];
  const listener = (event: unknown): void => void events.push(eventText(event as TraceEvent));
  for (const channel of CHANNELS) subscribe(channel, listener);
  try {
    Object.assign(outputs, encodeErrors(place, secret), decoded(place, value), marbles(place, value, secret));
    outputs['request without handler'] = await failed(place, fakeFamilies(fakeFamily(place.schema as never)), value);
    outputs['unexpected request'] = await failed(place, unexpected(place, value), value);
    outputs['missing request'] = missing(place, value);
    const errors = {
      'kernel error': errorReply('EINVAL', { message: 'no', offset: 24 }),
      'uncapped kernel error': errorReply('EPERM', { capped: false }),
    };
    for (const [name, reply] of Object.entries(errors))
      outputs[name] = await failed(
        place,
        answering(place, () => reply),
        value,
      );
    outputs['warning'] = await failed(
      place,
      answering(place, () => ack({ message: 'take care' })),
      value,
    );
    outputs['echo'] = await failed(
      place,
      answering(place, ([request]) => ({ type: request.type, payload: request.payload })),
      value,
    );
  } finally {
    for (const channel of CHANNELS) unsubscribe(channel, listener);
  }
  return { ...outputs, diagnostics_channel: events.join('\n') };
}

/** Returns the secret as a value of the attribute's type. */
export function valueOf({ type, base64 }: SecretPlace, secret: Uint8Array): unknown {
  if (type === 'u32') return Buffer.from(secret).readUInt32LE();
  return base64 ? Buffer.from(secret).toString('base64') : secret;
}

function eventText({ message, text, ...rest }: TraceEvent): string {
  const box = message === undefined ? '' : messageBox(message, { fixedHeaderSize: 4 });
  return [text ?? '', inspect({ message, ...rest }, { depth: Infinity, maxArrayLength: null }), stringify({ message }), box].join('\n');
}

/** Encodes wrong values; returns the texts of the errors, which must not contain the values. */
function encodeErrors({ schema, op, request, path, base64 }: SecretPlace, secret: Uint8Array): Outputs {
  const text = Buffer.from(secret).toString('latin1');
  const key = Buffer.from(secret).toString('base64');
  const wrong: Record<string, unknown> = {
    'its text': text,
    ...(base64 ? {} : { 'its base64': key }),
    'base64 with a trailing blank': `${key} `,
    'truncated base64': key.slice(0, -3),
    'base64 without its padding': key.replaceAll('=', '*'),
    hex: Buffer.from(secret).toString('hex'),
    'a list of its bytes': [...secret],
    'a list of texts': [text],
    'an object': Object.fromEntries(secret.entries()),
    'a wider view': Uint16Array.from(secret),
    'a big number': BigInt(`0x${Buffer.from(secret).toString('hex')}`),
    'three times as much': new Uint8Array([...secret, ...secret, ...secret]),
  };
  const requests: [string, unknown][] = Object.entries(wrong).map(([name, value]) => [name, request(value)]);
  // In the place of an enclosing object or list, and under a name that does not exist.
  const names = path.split('.');
  for (let length = 1; length < names.length; length++)
    requests.push([`in the place of ${names.slice(0, length).join('.')}`, put(names.slice(0, length), text)]);
  requests.push(['instead of the request', text], ['under a wrong name', { [`${names[0]!}s`]: text }]);
  return Object.fromEntries(
    requests.map(([name, value]): [string, string] => {
      try {
        operationCodec(schema, op).encode(value as object);
        return [`wrong value, ${name}`, 'accepted'];
      } catch (error) {
        return [`wrong value, ${name}`, printed(error)];
      }
    }),
  );
}

function put([name, ...rest]: readonly string[], value: unknown): unknown {
  const inner = rest.length === 0 ? value : put(rest, value);
  return name === '0' ? [inner] : { [name!]: inner };
}

/** Decodes a request with the secret in both back ends; returns the texts of the whole row and of the secret value. */
function decoded({ schema, op, mode, request, path }: SecretPlace, value: unknown): Outputs {
  const payload = operationCodec(schema, op).encode(request(value), mode);
  return Object.fromEntries(
    (['compiled', 'closures'] as const).flatMap((backEnd) => {
      const codec = operationCodec(schema, op, backEnd);
      const row = mode === 'reply' ? codec.decodePayload(payload) : codec.decodeRequest(payload, mode);
      const last = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], row);
      const own = typeof last === 'object' ? [printed(last), JSON.stringify(last), String(last), String([last])].join('\n') : '';
      const everything = `${printed(row)}\n${printed({ deep: [row] })}\n${withoutBigint(row)}\n${own}`;
      return [[`decoded, ${backEnd}`, everything]];
    }),
  );
}

function withoutBigint(row: unknown): string {
  return JSON.stringify(row, (_name, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
}

/** Runs a marble test that fails, because the emitted row differs from the expected one. */
function marbles({ schema, op, mode, request }: SecretPlace, value: unknown, secret: Uint8Array): Outputs {
  const codec = operationCodec(schema, op);
  const payload = codec.encode(request(value), mode);
  const row = mode === 'reply' ? codec.decodePayload(payload) : codec.decodeRequest(payload, mode);
  const lines: string[] = [];
  const compare = (actual: readonly string[], expected: readonly string[]): void => {
    lines.push(...actual, ...expected);
  };
  const expected = typeof value === 'number' ? value : new Uint8Array(secret);
  netlinkTestScheduler(compare).run(({ expectObservable, cold }) => {
    expectObservable(cold('a|', { a: row })).toBe('a|', { a: { ...request(expected), more: 1 } });
  });
  return { 'different marbles': lines.join('\n') };
}

async function failed({ schema, op, mode, request }: SecretPlace, handler: FakeHandler | FakeKernel, value: unknown): Promise<string> {
  const transport = typeof handler === 'function' ? fakeKernel(handler) : handler;
  const client = new FamilyClient(schema, { transport, cappedAck: false });
  const run = (client as unknown as Record<string, (op: string, request: object) => Observable<unknown>>)[mode === 'do' ? 'do' : 'list']!;
  try {
    return printed(await lastValueFrom(run.call(client, op, request(value)), { defaultValue: undefined }));
  } catch (error) {
    return `${printed(error)}\n${'expected' in (error as object) ? inspect({ ...(error as object) }) : ''}\n${printed(transport.requests)}`;
  } finally {
    client.close();
  }
}

/** Answers the controller as families do, and every other request by a function. */
function answering({ schema }: SecretPlace, reply: (requests: Parameters<FakeHandler>) => ReturnType<FakeHandler>): FakeHandler {
  const families = fakeFamilies(fakeFamily(schema as never));
  return (request, context) =>
    request.type === 16 && schema.generic !== undefined ? families(request, context) : reply([request, context]);
}

/** A table of raw requests: the lookup of the family, then a request that differs from the sent one. */
function unexpected(place: SecretPlace, value: unknown): FakeKernel {
  const payload = operationCodec(place.schema, place.op).encode(place.request(value), place.mode);
  payload[payload.length - 1]! ^= 1;
  return fakeKernel(table(place, payload));
}

function table(place: SecretPlace, payload: Uint8Array) {
  const lookup = place.schema.generic === undefined ? [] : [{ type: 16, handle: answering(place, () => undefined) }];
  return [...lookup, { type: typeOf(place), payload }];
}

/** Returns the type of the request: 32, the number that the fake controller gives a generic family, or the number of the operation. */
function typeOf({ schema, op, mode }: SecretPlace): number {
  const operation = schema.operations.find(({ name }) => name === op)!;
  return schema.generic === undefined ? operation[mode === 'reply' ? 'do' : mode]!.request : 32;
}

function missing(place: SecretPlace, value: unknown): string {
  const payload = operationCodec(place.schema, place.op).encode(place.request(value), place.mode);
  const kernel = fakeKernel([...table(place, payload), { type: typeOf(place), payload }]);
  let text = '';
  const client = new FamilyClient(place.schema, { transport: kernel });
  const run = (client as unknown as Record<string, (op: string, request: object) => Observable<unknown>>)[
    place.mode === 'do' ? 'do' : 'list'
  ]!;
  of(0)
    .pipe(map(() => run.call(client, place.op, place.request(value)).subscribe({ error: () => undefined })))
    .subscribe();
  try {
    kernel.verify();
  } catch (error) {
    text = printed(error);
  }
  client.close();
  return text;
}
