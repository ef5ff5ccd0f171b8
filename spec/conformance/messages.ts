import { expect } from 'chai';
import { DecodeError } from '../../lib/errors/index.js';
import {
  MESSAGE_HEADER_SIZE,
  alignLength,
  encodeMessage,
  encodeMessages,
  iterateMessages,
  messageFlagsText,
  messageTypeText,
  type Message,
  type MessageInit,
} from '../../lib/wire/index.js';
import { checkSendFill, checkSendFillSequence } from './sending.js';
import { expectRejection, fromHex, toHex, toVector, type Vector, type VectorHeader, type VectorMessage } from './vector.js';

interface MessageCase extends Vector {
  readonly inputHex: string;
  readonly input: unknown;
  readonly alternateOutputHex?: string;
  readonly canonical?: boolean;
  readonly expected: {
    readonly error?: unknown;
    readonly outputHex: string;
    readonly header: VectorHeader;
    readonly dataHex: string;
    readonly messages: readonly VectorMessage[];
    readonly size: number;
  };
}

/** Checks a case of messages.json. */
export async function checkMessage(vector: Vector): Promise<void> {
  const { op, input, inputHex, expected } = vector as MessageCase;
  switch (op) {
    case 'align':
      expect(alignLength(input as number)).to.equal(expected);
      break;
    case 'flags-string':
      expect(messageFlagsText(input as number)).to.equal(expected);
      break;
    case 'type-string':
      expect(messageTypeText(input as number)).to.equal(expected);
      break;
    case 'marshal':
      checkMarshal(vector as MessageCase);
      break;
    case 'marshal-many': {
      const { messages } = input as { readonly messages: readonly VectorMessage[] };
      expect(toHex(encodeMessages(messages.map(toInit)))).to.equal(expected.outputHex);
      break;
    }
    case 'unmarshal':
      checkUnmarshal(vector as MessageCase);
      break;
    case 'parse-many':
      checkParseMany(inputHex, expected.messages, expected.error !== null);
      break;
    case 'header-layout':
      checkLayout(fromHex(inputHex), expected.header, expected.size);
      break;
    case 'send-fill':
      checkSendFill(input as VectorMessage & { readonly socketPid: number }, expected);
      break;
    case 'send-fill-sequence':
      checkSendFillSequence((input as { readonly sends: number }).sends);
      break;
    default:
      expect.fail(`unknown op ${op}`);
  }
  return Promise.resolve();
}

export function toInit({ header, dataHex }: VectorMessage): MessageInit {
  const { type, flags, sequence, pid } = header;
  return { type, flags, sequence, portId: pid, payload: fromHex(dataHex) };
}

/** Checks an encoded message. The length field is always computed, so a case with a wrong one cannot be encoded. */
function checkMarshal({ input, expected, alternateOutputHex }: MessageCase): void {
  const output = toHex(encodeMessage(toInit(input as VectorMessage)));
  if (expected.error === true) expect.fail(`written with its true length: ${output}`);
  expect(output).to.be.oneOf([expected.outputHex, alternateOutputHex]);
}

function checkUnmarshal({ inputHex, expected, canonical }: MessageCase): void {
  const first = (): Message => {
    const [message] = iterateMessages(fromHex(inputHex));
    // Fewer bytes than a header are not a message.
    if (message === undefined) throw new DecodeError('no message', 0);
    return message;
  };
  if (expected.error === true) {
    expectRejection(first);
    return;
  }
  const message = first();
  expect(toVector(message)).to.deep.equal({ header: expected.header, dataHex: expected.dataHex });
  if (canonical === true) expect(toHex(encodeMessage(message))).to.equal(inputHex);
}

function checkParseMany(inputHex: string, messages: readonly VectorMessage[], malformed: boolean): void {
  const found: VectorMessage[] = [];
  const parse = (): void => {
    for (const message of iterateMessages(fromHex(inputHex))) found.push(toVector(message));
  };
  if (malformed) expectRejection(parse);
  else parse();
  expect(found).to.deep.equal(messages);
}

/** Sets the length field to the number of bytes, because the bytes of the case are not a complete message. */
function checkLayout(input: Uint8Array, header: VectorHeader, size: number): void {
  expect(MESSAGE_HEADER_SIZE).to.equal(size);
  expect(new DataView(input.buffer).getUint32(0, true)).to.equal(header.length);
  const bytes = input.slice();
  new DataView(bytes.buffer).setUint32(0, size, true);
  const [message] = iterateMessages(bytes);
  expect(toVector(message!)).to.deep.equal({ header: { ...header, length: size }, dataHex: '' });
  expect(toHex(encodeMessage(message!).subarray(4))).to.equal(toHex(input.subarray(4)));
}
