// Names that other rooms need and that no entry point exports.

export { hexText } from './hex-pairs.js';
export { Frame, highHalf, lowHalf } from './message/frame.js';
export { messageLength, readMessage } from './message/message.js';
export { checkHeader, encodedSize, writeMessage } from './message/encode-message.js';
export { isBytes, kindOf } from './is-bytes.js';
export { declareSecrets, hiddenHex, isWithin, secretsIn } from './secret-ranges.js';
export { printIpv4Word } from './address/ipv4-word.js';
export { GrowableBuffer } from './attribute/growable-buffer.js';
export { encodeTextAt } from './text.js';
export { decodeRepeatedText } from './repeated-text.js';
