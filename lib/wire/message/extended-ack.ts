import { DecodeError, type ExtendedAck } from '../../errors/index.js';
import { AttributeFlags, ATTRIBUTE_HEADER_SIZE } from '../attribute/attribute-flags.js';
import { AttributeReader, type Attribute } from '../attribute/attribute-reader.js';
import { hostIsLittleEndian } from '../byte-order.js';
import { MESSAGE_HEADER_SIZE } from './message.js';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Decodes the well-formed attributes that the kernel adds to an ack.
 *
 * @param payload - The ack's payload.
 * @param start - Offset of the attributes; an offset at or after the end means that there are none.
 * @internal
 */
export function decodeExtendedAck(payload: Uint8Array, start: number): ExtendedAck {
  const extendedAck: Writable<ExtendedAck> = {};
  if (start >= payload.length) return extendedAck;
  ignoreDecodeErrors(() => {
    for (const attribute of new AttributeReader(payload, { start })) ignoreDecodeErrors(() => readInto(extendedAck, attribute));
  });
  return extendedAck;
}

/** Decodes one attribute into its property; the numbers are those of `enum nlmsgerr_attrs`. */
function readInto(extendedAck: Writable<ExtendedAck>, attribute: Attribute): void {
  switch (attribute.type) {
    case 1:
      extendedAck.message = attribute.string();
      break;
    case 2:
      extendedAck.offset = attribute.uint32();
      break;
    case 3:
      extendedAck.cookie = attribute.bytes();
      break;
    case 4:
      extendedAck.policy = attribute.bytes();
      break;
    case 5:
      extendedAck.missingType = attribute.uint32();
      break;
    case 6:
      extendedAck.missingNest = attribute.uint32();
      break;
  }
}

/** Ignores a {@link DecodeError}: attributes after a malformed one cannot be found, those before it are kept. */
function ignoreDecodeErrors(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
}

/**
 * Returns the type of the attribute at an offset of a request, as an extended ack reports it.
 *
 * @param request - The request that was sent, header included.
 * @param offset - Bytes from the request's header (`ExtendedAck.offset`).
 * @returns The type without flag bits; undefined if no attribute can start there.
 * @public
 */
export function attributeTypeAt(request: Uint8Array, offset: number): number | undefined {
  if (offset < MESSAGE_HEADER_SIZE || offset + ATTRIBUTE_HEADER_SIZE > request.length) return undefined;
  const view = new DataView(request.buffer, request.byteOffset, request.length);
  const length = view.getUint16(offset, hostIsLittleEndian);
  if (length < ATTRIBUTE_HEADER_SIZE || length > request.length - offset) return undefined;
  return view.getUint16(offset + 2, hostIsLittleEndian) & AttributeFlags.TypeMask;
}

/**
 * Adds to an extended ack the type of the attribute at its offset, which only the request contains.
 *
 * @param extendedAck - As the kernel sent it.
 * @param request - The request that was sent, header included.
 * @public
 */
export function locateAttribute(extendedAck: ExtendedAck, request: Uint8Array): ExtendedAck {
  if (extendedAck.offset === undefined) return extendedAck;
  const attributeType = attributeTypeAt(request, extendedAck.offset);
  return attributeType === undefined ? extendedAck : { ...extendedAck, attributeType };
}
