import { expect } from 'chai';
import { KernelError, NetlinkError, OverrunError, errnoName, isKernelError, type ErrnoName } from '../../lib/errors/index.js';
import {
  AttributeReader,
  MESSAGE_HEADER_SIZE,
  Protocol,
  decodeAck,
  echoedRequest,
  isAck,
  iterateMessages,
  netlink,
  type Ack,
  type Message,
} from '../../lib/index.js';
import { errorReply, fakeKernel } from '../../lib/testing/index.js';
import { toInit } from './messages.js';
import { ScriptedTransport, turns } from './scripted-transport.js';
import { expectRejection, fromHex, toHex, toVector, type Vector, type VectorMessage } from './vector.js';

interface CheckVector extends Vector {
  readonly inputHex: string;
  readonly requestHex?: string;
  readonly expected: {
    readonly malformed?: boolean;
    readonly error: null | {
      readonly errno: number;
      readonly name: string;
      readonly message: string;
      readonly offset: number;
      readonly sequence: number;
    };
    readonly tlvs?: readonly { readonly type: number; readonly dataHex: string }[];
  };
}

interface ClassifyVector extends Vector {
  readonly input: { readonly errno: number; readonly name: ErrnoName; readonly shape: string; readonly operation: string };
  readonly expected: { readonly is: 'exist' | 'not-exist'; readonly value: boolean };
}

interface BuildVector extends Vector {
  readonly input: { readonly errno: number; readonly request: VectorMessage };
  readonly expected: VectorMessage;
}

interface FailureVector extends Vector {
  readonly expected: { readonly operation: string; readonly errno?: number; readonly cause?: string };
}

/** Checks a case of errors.json. */
export async function checkError(vector: Vector): Promise<void> {
  switch (vector.op) {
    case 'check':
      checkAck(vector as CheckVector);
      break;
    case 'classify':
      checkClass(vector as ClassifyVector);
      break;
    case 'build':
      await checkBuild(vector as BuildVector);
      break;
    case 'syscall-error':
    case 'transport-error':
      await checkFailure(vector as FailureVector);
      break;
    default:
      expect.fail(`unknown op ${vector.op}`);
  }
}

function checkAck({ inputHex, requestHex, expected }: CheckVector): void {
  const [message] = iterateMessages(fromHex(inputHex));
  if (expected.malformed === true) {
    expectRejection(() => decodeAck(message!));
    return;
  }
  const ack: Pick<Ack, 'errno' | 'extendedAck'> = isAck(message!) ? decodeAck(message!) : { errno: 0, extendedAck: {} };
  expect(-ack.errno).to.equal(expected.error?.errno ?? 0);
  if (expected.error !== null) {
    const { name, message: text, offset, sequence } = expected.error;
    expect(errnoName(ack.errno)).to.equal(name);
    expect(ack.extendedAck).to.include(text === '' ? {} : { message: text });
    expect(ack.extendedAck.offset ?? 0).to.equal(offset);
    expect(message!.sequence).to.equal(sequence);
  }
  const echoed = requestHex === undefined ? undefined : echoedRequest(message!);
  if (echoed !== undefined) expect(toHex(echoed)).to.equal(requestHex);
  if (expected.tlvs !== undefined) expectAttributes(message!, expected.tlvs);
}

/** Checks that the extended ack has all attributes that the kernel added. */
function expectAttributes(message: Message, tlvs: NonNullable<CheckVector['expected']['tlvs']>): void {
  const { extendedAck } = decodeAck(message);
  const start = message.length - tlvs.reduce((size, { dataHex }) => size + 4 + 4 * Math.ceil(dataHex.length / 8), 0);
  const attributes = [...new AttributeReader(message.payload, { start: start - MESSAGE_HEADER_SIZE })];
  expect(attributes.map(({ type, payload }) => ({ type, dataHex: toHex(payload) }))).to.deep.equal(
    tlvs.map(({ type, dataHex }) => ({ type, dataHex })),
  );
  const expected: Record<string, unknown> = {};
  for (const attribute of attributes) {
    if (attribute.type === 1) expected['message'] = attribute.string();
    if (attribute.type === 2) expected['offset'] = attribute.uint32();
    if (attribute.type === 4) expected['policy'] = attribute.bytes();
  }
  expect(extendedAck).to.deep.equal(expected);
}

function checkClass({ input, expected }: ClassifyVector): void {
  const { errno, name, shape, operation } = input;
  const bare = new NetlinkError(`${name} ${operation}`, { errno: -errno, operation });
  const error = shape === 'netlink-error' ? new KernelError({ errno: -errno, operation }) : bare;
  expect(error.code).to.equal(name);
  expect(error.code === (expected.is === 'exist' ? 'EEXIST' : 'ENOENT')).to.equal(expected.value);
  if (shape === 'netlink-error') expect(isKernelError(error, expected.is === 'exist' ? 'EEXIST' : 'ENOENT')).to.equal(expected.value);
}

/** Checks that the testing kit replies as a kernel does, with the request's header after the error number. */
async function checkBuild({ input, expected }: BuildVector): Promise<void> {
  const kernel = fakeKernel(() => errorReply(input.errno));
  const socket = netlink({ protocol: Protocol.Generic, transport: kernel });
  const met: Message[] = [];
  const listening = socket.subscribe((message) => met.push(message.copy()));
  socket.send({ ...toInit(input.request), type: 16 });
  await turns();
  listening.unsubscribe();
  expect(met.map(toVector)).to.deep.equal([expected]);
}

/** Checks a failed `recvmsg`, which a transport reports as a loss of datagrams. */
async function checkFailure({ expected }: FailureVector): Promise<void> {
  const transport = new ScriptedTransport(1);
  const socket = netlink({ protocol: Protocol.Generic, transport });
  let met: unknown;
  socket.subscribe({ error: (error: unknown) => (met = error) });
  transport.deliver([], { lost: true, dropped: 1 });
  await turns();
  socket.close();
  expect(met).to.be.instanceOf(OverrunError).and.not.instanceOf(KernelError);
  const { operation, errno, cause } = met as OverrunError;
  expect(operation).to.equal(expected.operation);
  expect({ errno: -errno, cause }).to.deep.equal({ errno: expected.errno, cause: expected.cause });
}
