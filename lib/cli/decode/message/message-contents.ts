import { DecodeError } from '../../../errors/index.js';
import { operationCodec, secretRanges, unknownAttributes } from '../../../schema/index.js';
import { shapeOf } from '../../../schema/internal.js';
import { AttributeReader, MESSAGE_HEADER_SIZE, Protocol, fixedHeaderSize, type Message } from '../../../wire/index.js';
import { hexText, hiddenHex } from '../../../wire/internal.js';
import type { DecodedMessage, UnnamedAttribute } from './decoded-message.js';
import { plainValue } from './plain-value.js';
import type { FoundOperation } from './request-log.js';

type Contents = Pick<DecodedMessage, 'value' | 'unknown' | 'payload' | 'fault'>;

/** Decodes the payload of a message; a payload that does not fit its descriptor is kept as hexadecimal digits. */
export function contents({ schema, operation }: FoundOperation, message: Message, mode: 'do' | 'dump' | undefined): Contents {
  const codec = operationCodec(schema, operation.name);
  const short = mode === 'dump' && schema.protocol === Protocol.Route ? shortRequest({ schema, operation }, message) : undefined;
  if (short !== undefined) return { value: short };
  try {
    const value = mode === undefined ? codec.decode(message) : codec.decodeRequest(message.payload, mode);
    const unknown = unknownAttributes(value).map(({ path, attribute: { type, payload } }) => unnamed(path, type, payload));
    return { value: plainValue(value), ...(unknown.length === 0 ? {} : { unknown }) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const secrets = secretRanges(schema, operation.name, message.bytes);
    return { fault: error.message, payload: hiddenHex(message.payload, MESSAGE_HEADER_SIZE, secrets) };
  }
}

/**
 * Decodes a dump request with `struct rtgenmsg`, an address family alone, in place of the header of its table.
 *
 * rtnetlink accepts it without strict checking: getifaddrs() of the C library sends it.
 */
function shortRequest({ schema, operation }: FoundOperation, { payload }: Message): object | undefined {
  const { fixedHeader } = shapeOf(operation, 'dump');
  const header = schema.structs.find(({ name }) => name === fixedHeader);
  const family = header?.members[0]?.property;
  if (header === undefined || family === undefined || payload.byteLength === 0 || payload.byteLength >= header.size) return undefined;
  return { [family]: payload[0] };
}

/** Returns the attributes of a message without a descriptor by their numbers; its bytes if it has no known header. */
export function rawContents(message: Message, protocol: number): Contents {
  const { payload } = message;
  const start = fixedHeaderSize(protocol, message.type);
  if (start === undefined) return { payload: hexText(payload) };
  try {
    const unknown = Array.from(new AttributeReader(payload, { start }), (attribute) => unnamed('', attribute.type, attribute.payload));
    return { payload: hexText(payload.subarray(0, start)), ...(unknown.length === 0 ? {} : { unknown }) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { payload: hexText(payload) };
  }
}

function unnamed(path: string, type: number, payload: Uint8Array): UnnamedAttribute {
  return { path, type, bytes: String(plainValue(payload)) };
}
