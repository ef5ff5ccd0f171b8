/* Messages */
export { alignLength } from './align.js';
export { hostIsLittleEndian, isLittleEndian, type ByteOrder } from './byte-order.js';
export { Protocol } from './message/protocol.js';
export { MessageType, messageTypeText } from './message/message-type.js';
export { MessageFlags, messageFlagsText } from './message/message-flags.js';
export { KERNEL_ORIGIN, type Datagram, type DatagramOrigin, type SenderAddress } from './message/datagram.js';
export { MESSAGE_HEADER_SIZE, Message, iterateMessages, type MessageHeader } from './message/message.js';
export { encodeMessage, encodeMessages, type MessageInit } from './message/encode-message.js';
export { type ByteRange } from './secret-ranges.js';

/* Attributes */
export { ATTRIBUTE_HEADER_SIZE, ATTRIBUTE_PAYLOAD_LIMIT, AttributeFlags, NEST_DEPTH_LIMIT } from './attribute/attribute-flags.js';
export { AttributeReader, type Attribute, type AttributeReaderOptions } from './attribute/attribute-reader.js';
export { AttributeEncoder, type AttributeEncoderOptions } from './attribute/attribute-encoder.js';

/* Acks */
export { decodeAck, echoedRequest, isAck, type Ack } from './message/ack.js';
export { attributeTypeAt, locateAttribute } from './message/extended-ack.js';

/* Generic netlink */
export { GENERIC_HEADER_SIZE, decodeGenericHeader, encodeGenericPayload, type GenericHeader } from './message/generic-header.js';

/* Text */
export { decodeText, encodeText } from './text.js';
export { addressText, ipv4Text, ipv6Text } from './address/address-text.js';
export { parseIp, parseIpv4, parseIpv6 } from './address/ip-address.js';
export { linkAddressText, parseLinkAddress } from './address/link-address.js';
export { fixedHeaderSize } from './message/fixed-header.js';
export { messageBox, type AttributeDescription, type MessageBoxOptions } from './message/message-box.js';
