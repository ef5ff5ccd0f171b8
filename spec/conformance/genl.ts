import { expect } from 'chai';
import {
  AttributeEncoder,
  AttributeReader,
  GENERIC_HEADER_SIZE,
  MessageFlags,
  MessageType,
  decodeGenericHeader,
  encodeGenericPayload,
  encodeMessage,
  iterateMessages,
  type Attribute,
} from '../../lib/wire/index.js';
import { expectRejection, fromHex, toHex, type Vector } from './vector.js';

interface Generic {
  readonly cmd: number;
  readonly version: number;
  readonly dataHex: string;
}

interface Family {
  readonly id: number;
  readonly name: string;
  readonly version: number;
  readonly ops: readonly { readonly id: number; readonly flags: number }[] | null;
  readonly groups: readonly { readonly id: number; readonly name: string }[];
  readonly hdrsize?: number;
  readonly maxattr?: number;
}

interface GenericVector extends Vector {
  readonly input: Generic & { readonly family: number; readonly flags: number; readonly name?: string; readonly dump?: boolean };
  readonly inputHex: string;
  readonly payloadHex: readonly string[];
  readonly datagramHex?: string;
  readonly expected: Generic & {
    readonly error?: boolean;
    readonly outputHex: string;
    readonly payloadHex: string;
    readonly nlmsgLength: number;
    readonly nlmsgType: number;
    readonly nlmsgFlags: number;
    readonly messages: readonly Generic[];
    readonly families: readonly Family[];
  };
}

/** nlctrl's message type, command and attributes: uapi/linux/genetlink.h. */
const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_NAME = 2;

/** Checks a case of genl.json. */
export function checkGeneric(vector: Vector): void {
  const { op, input, inputHex, payloadHex, datagramHex, expected } = vector as GenericVector;
  switch (op) {
    case 'marshal':
      expect(toHex(encodeGenericPayload({ command: input.cmd, version: input.version }, fromHex(input.dataHex)))).to.equal(
        expected.outputHex,
      );
      break;
    case 'unmarshal':
      if (expected.error === true) expectRejection(() => read(fromHex(inputHex)));
      else expect(read(fromHex(inputHex))).to.deep.equal({ cmd: expected.cmd, version: expected.version, dataHex: expected.dataHex });
      break;
    case 'request': {
      const payload = encodeGenericPayload({ command: input.cmd, version: input.version }, fromHex(input.dataHex));
      expectRequest(payload, input.family, input.flags, expected);
      break;
    }
    case 'family-request': {
      const name = new AttributeEncoder();
      if (input.name !== undefined) name.string(CTRL_ATTR_FAMILY_NAME, input.name);
      const payload = encodeGenericPayload({ command: CTRL_CMD_GETFAMILY }, name.encode());
      expectRequest(payload, GENL_ID_CTRL, MessageFlags.Request | (input.dump === true ? MessageFlags.Dump : 0), expected);
      break;
    }
    case 'reply':
      expect(payloadHex.map((payload) => read(fromHex(payload)))).to.deep.equal(expected.messages);
      break;
    case 'family-reply':
      checkFamilies(payloadHex.map(fromHex), datagramHex, expected);
      break;
    default:
      expect.fail(`unknown op ${op}`);
  }
}

function read(payload: Uint8Array): Generic {
  const { command, version } = decodeGenericHeader(payload);
  return { cmd: command, version, dataHex: toHex(payload.subarray(GENERIC_HEADER_SIZE)) };
}

function expectRequest(payload: Uint8Array, type: number, flags: number, expected: GenericVector['expected']): void {
  const [message] = iterateMessages(encodeMessage({ type, flags, payload }));
  expect(message).to.include({ type: expected.nlmsgType, flags: expected.nlmsgFlags });
  expect(toHex(message!.payload)).to.equal(expected.payloadHex);
  if (expected.nlmsgLength !== undefined) expect(message!.length).to.equal(expected.nlmsgLength);
}

function checkFamilies(payloads: readonly Uint8Array[], datagramHex: string | undefined, expected: GenericVector['expected']): void {
  if (datagramHex !== undefined) {
    const replies = [...iterateMessages(fromHex(datagramHex))].filter(({ type }) => type !== MessageType.Done);
    expect(replies.map(({ payload }) => toHex(payload))).to.deep.equal(payloads.map(toHex));
  }
  if (expected.error === true) expectRejection(() => payloads.map(readFamily));
  for (const [index, family] of (expected.families ?? []).entries()) {
    const met = readFamily(payloads[index]!);
    // The cases without operations come from a library that does not read them.
    expect(family.ops === null ? { ...met, ops: null } : met).to.include.deep.keys(Object.keys(family));
    for (const key of Object.keys(family) as (keyof Family)[]) {
      if (key !== 'ops' || family.ops !== null) expect(met[key], key).to.deep.equal(family[key]);
    }
  }
}

function readFamily(payload: Uint8Array): Family {
  const family = { id: 0, name: '', version: 0, ops: [] as { id: number; flags: number }[], groups: [] as { id: number; name: string }[] };
  const sizes: { hdrsize?: number; maxattr?: number } = {};
  decodeGenericHeader(payload);
  for (const attribute of new AttributeReader(payload, { start: GENERIC_HEADER_SIZE })) {
    if (attribute.type === 1) family.id = attribute.uint16();
    else if (attribute.type === CTRL_ATTR_FAMILY_NAME) family.name = attribute.string();
    else if (attribute.type === 3) family.version = attribute.uint32();
    else if (attribute.type === 4) sizes.hdrsize = attribute.uint32();
    else if (attribute.type === 5) sizes.maxattr = attribute.uint32();
    else if (attribute.type === 6)
      family.ops = each(attribute, (entry) => ({ id: entry.find(1)!.uint32(), flags: entry.find(2)!.uint32() }));
    else if (attribute.type === 7)
      family.groups = each(attribute, (entry) => ({ id: entry.find(2)!.uint32(), name: entry.find(1)!.string() }));
  }
  return { ...family, ...sizes };
}

function each<T>(attribute: Attribute, of: (entry: AttributeReader) => T): T[] {
  return Array.from(attribute.attributes(), (entry) => of(entry.attributes()));
}
