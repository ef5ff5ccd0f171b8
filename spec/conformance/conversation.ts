import { expect } from 'chai';
import { lastValueFrom, take, toArray, type Observable } from 'rxjs';
import { DecodeError, KernelError, NetlinkError, SocketClosedError, errnoName } from '../../lib/errors/index.js';
import { MessageFlags, MessageType, Protocol, decodeAck, isAck, netlink, type Message, type NetlinkSocket } from '../../lib/index.js';
import { done, fakeKernel, multipart } from '../../lib/testing/index.js';
import { toInit } from './messages.js';
import { ScriptedTransport, turns } from './scripted-transport.js';
import { checkSendFill } from './sending.js';
import { fromHex, toVector, type Vector, type VectorHeader, type VectorMessage } from './vector.js';

interface ExpectedError {
  readonly code?: string;
  readonly errno?: number;
  readonly name?: string;
  readonly message?: string;
  readonly offset?: number;
  readonly sequence?: number;
  readonly other?: string;
  readonly operation?: string;
  readonly fromNetlinkMessage?: boolean;
}

interface Step {
  readonly call: 'send' | 'receive' | 'receive-iter' | 'execute';
  readonly request?: VectorMessage;
  readonly datagrams?: readonly string[];
  readonly datagramsStrict?: readonly string[];
  readonly recvError?: unknown;
  readonly eof?: boolean;
  readonly stopAfter?: number;
  readonly expected: { readonly messages?: readonly VectorMessage[]; readonly error?: ExpectedError; readonly sent?: VectorMessage };
}

interface ConversationVector extends Vector {
  readonly steps: readonly Step[];
}

/** The result of one call. */
interface Outcome {
  readonly messages: Message[];
  error?: unknown;
  completed?: boolean;
}

/**
 * Checks a case of multipart.json through a socket.
 *
 * A call that sends and then receives is a request; a call that only receives is a subscription to the socket.
 */
export async function checkConversation(vector: Vector): Promise<void> {
  if (vector.op === 'build') return checkBuild(vector as BuildVector);
  expect(vector.op).to.equal('conversation');
  let request: VectorMessage | undefined;
  for (const step of (vector as ConversationVector).steps) {
    if (step.call === 'send') {
      const { header, dataHex } = step.expected.sent!;
      checkSendFill({ ...step.request!, socketPid: header.pid }, { header: { ...header, sequence: 'auto' }, dataHex });
      request = step.expected.sent;
    } else {
      await checkCall(step, step.request ?? request, vector.tags ?? []);
      request = undefined;
    }
  }
}

async function checkCall(step: Step, request: VectorMessage | undefined, tags: readonly string[]): Promise<void> {
  const transport = new ScriptedTransport(request?.header.pid ?? 1);
  const socket = netlink({ protocol: Protocol.Generic, transport });
  const datagrams = (step.datagramsStrict ?? step.datagrams ?? []).map(fromHex);
  const outcome: Outcome = { messages: [] };
  let left = datagrams.length + 1;
  const deliver = (): void => {
    for (const datagram of datagrams) {
      transport.deliver([datagram]);
      left -= 1;
    }
    if (step.recvError !== undefined) transport.deliver([], { lost: true, dropped: 1 });
    left -= 1;
  };
  if (request !== undefined) transport.answer = deliver;
  listen(socket, request, step.stopAfter).subscribe({
    next: (message) => outcome.messages.push(message.copy()),
    error: (error: unknown) => (outcome.error = error),
    complete: () => (outcome.completed = true),
  });
  if (request === undefined) deliver();
  await turns();
  // All datagrams have been read, also those after the last that the case expects.
  expect(left).to.equal(0);
  compare(step, outcome, request, tags);
  if (step.eof === true) {
    expect(outcome.completed).to.equal(undefined);
    socket.close();
    expect(outcome.error).to.be.instanceOf(SocketClosedError);
  }
  socket.close();
}

/** Returns the replies to a request, or all messages if there is no request. */
function listen(socket: NetlinkSocket, request: VectorMessage | undefined, stopAfter = Infinity): Observable<Message> {
  if (request === undefined) return socket;
  const { flags } = request.header;
  const replies = socket.request(toInit(request), {
    ack: (flags & MessageFlags.Ack) !== 0,
    dump: (flags & MessageFlags.Dump) === MessageFlags.Dump,
  });
  return stopAfter === Infinity ? replies : replies.pipe(take(stopAfter));
}

function compare({ expected, datagramsStrict }: Step, outcome: Outcome, request: VectorMessage | undefined, tags: readonly string[]): void {
  if (expected.error !== undefined) {
    expectError(request === undefined ? errorIn(outcome.messages) : outcome.error, expected.error, request?.header);
    return;
  }
  expect(outcome.error).to.equal(undefined);
  let messages = expected.messages!;
  // An ack completes the request and is not a reply.
  if (tags.includes('ack-delivered')) messages = messages.filter(({ header }) => header.type !== MessageType.Error);
  const plain = (message: VectorMessage): unknown =>
    datagramsStrict === undefined ? message : { ...message, header: { ...message.header, sequence: 0, pid: 0 } };
  expect(outcome.messages.map((message) => plain(toVector(message)))).to.deep.equal(messages.map(plain));
}

/** Returns the first error among the acks, which a subscription to the socket receives as messages. */
function errorIn(messages: readonly Message[]): unknown {
  try {
    for (const message of messages.filter(isAck)) {
      const { errno, extendedAck } = decodeAck(message);
      if (errno !== 0) return new KernelError({ errno, extendedAck, operation: 'receive' });
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

function expectError(error: unknown, expected: ExpectedError, request: VectorHeader | undefined): void {
  if (expected.code === 'short-error-message') {
    expect(error).to.be.instanceOf(DecodeError);
    return;
  }
  expect(error).to.be.instanceOf(NetlinkError);
  const { errno, code, operation } = error as NetlinkError;
  expect(error instanceof KernelError).to.equal(expected.fromNetlinkMessage !== false);
  if (expected.operation !== undefined) expect(operation).to.equal(expected.operation);
  if (expected.other !== undefined) expect((error as NetlinkError).cause).to.include({ message: expected.other });
  if (expected.errno === undefined) return;
  expect({ errno: -errno, code }).to.deep.equal({ errno: expected.errno, code: errnoName(expected.errno) });
  if (!(error instanceof KernelError)) return;
  expect(error.extendedAck.message ?? '').to.equal(expected.message);
  expect(error.extendedAck.offset ?? 0).to.equal(expected.offset);
  // The request that it names is the one that was sent.
  const sent = error.request;
  if (sent !== undefined) expect(new DataView(sent.buffer, sent.byteOffset).getUint32(8, true)).to.equal(request?.sequence);
}

interface BuildVector extends Vector {
  readonly input: { readonly messages: readonly VectorMessage[] };
  readonly expected: { readonly messages: readonly VectorMessage[] };
}

/** Drops the last row as the end, because `multipart()` of the testing kit adds the end itself. */
async function checkBuild({ op, input, expected }: BuildVector): Promise<void> {
  expect(op).to.equal('build');
  const rows = input.messages.slice(0, -1).map(({ dataHex }) => ({ type: MessageType.Minimum, payload: fromHex(dataHex) }));
  if (input.messages.length < 2) expect.fail('a multipart reply of no rows is a DONE alone');
  const kernel = fakeKernel(() => multipart(rows, done()));
  const socket = netlink({ protocol: Protocol.Generic, transport: kernel });
  const all: Message[] = [];
  const listening = socket.subscribe((message) => all.push(message.copy()));
  const request = { type: MessageType.Minimum, flags: MessageFlags.Dump };
  const replies = await lastValueFrom(socket.request(request, { dump: true }).pipe(toArray()), { defaultValue: [] });
  await turns();
  listening.unsubscribe();
  const shape = ({ header, dataHex }: VectorMessage): unknown => [header.flags, dataHex];
  expect(replies.map((message) => shape(toVector(message)))).to.deep.equal(expected.messages.slice(0, -1).map(shape));
  expect(all.at(-1)).to.include({ type: expected.messages.at(-1)!.header.type, flags: expected.messages.at(-1)!.header.flags });
  socket.close();
}
