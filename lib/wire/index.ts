/* Messages */
export { alignLength } from './align.js';
export { hostIsLittleEndian, isLittleEndian, type ByteOrder } from './byte-order.js';
export { Protocol } from './protocol.js';
export { MessageType, messageTypeText } from './message-type.js';
export { MessageFlags, messageFlagsText } from './message-flags.js';
export { KERNEL_ORIGIN, type Datagram, type DatagramOrigin, type SenderAddress } from './datagram.js';
export { Frame } from './frame.js';
export { MESSAGE_HEADER_SIZE, Message, iterateMessages, messageLength, readMessage, type MessageHeader } from './message.js';
export { encodeMessage, encodeMessages, encodedSize, writeMessage, type MessageInit } from './encode-message.js';
export { type ByteRange } from './secret-ranges.js';

/* Attributes */
export { ATTRIBUTE_HEADER_SIZE, ATTRIBUTE_PAYLOAD_LIMIT, AttributeFlags, NEST_DEPTH_LIMIT } from './attribute-flags.js';
export { AttributeReader, type Attribute, type AttributeReaderOptions } from './attribute-reader.js';
export { AttributeEncoder, type AttributeEncoderOptions } from './attribute-encoder.js';

/* Acks */
export { decodeAck, echoedRequest, isAck, type Ack } from './ack.js';
export { attributeTypeAt, locateAttribute } from './extended-ack.js';

/* Generic netlink */
export { GENERIC_HEADER_SIZE, decodeGenericHeader, encodeGenericPayload, type GenericHeader } from './generic-header.js';

/* Text */
export { decodeText, encodeText } from './text.js';
export { addressText, ipv4Text, ipv6Text } from './address-text.js';
export { parseIp, parseIpv4, parseIpv6 } from './ip-address.js';
export { linkAddressText, parseLinkAddress } from './link-address.js';
export { fixedHeaderSize } from './fixed-header.js';
export { messageBox, type AttributeDescription, type MessageBoxOptions } from './message-box.js';
