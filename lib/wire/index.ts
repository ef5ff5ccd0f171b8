/* Messages */
export { alignLength } from './align.js';
export { hostIsLittleEndian, isLittleEndian, type ByteOrder } from './byte-order.js';
export { Protocol } from './protocol.js';
export { MessageType, messageTypeText } from './message-type.js';
export { MessageFlags, messageFlagsText } from './message-flags.js';
export { KERNEL_ORIGIN, type Datagram, type DatagramOrigin, type SenderAddress } from './datagram.js';
export { Frame } from './frame.js';
export { MESSAGE_HEADER_SIZE, Message, iterateMessages, readMessage, type MessageHeader } from './message.js';
export { encodeMessage, encodeMessages, encodedSize, writeMessage, type MessageInit } from './encode-message.js';
