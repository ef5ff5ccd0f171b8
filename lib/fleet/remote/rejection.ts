import { encodeSlab } from '../../socket/index.js';
import { MESSAGE_HEADER_SIZE, MessageFlags, MessageType, AttributeEncoder, encodeMessage } from '../../wire/index.js';
import type { ClientMessage } from './datagram-check.js';

/** NLMSGERR_ATTR_MSG (linux/netlink.h). */
const MESSAGE_ATTRIBUTE = 1;

/** The code of a message that was not sent because another one of its datagram was rejected. */
const TEXT_OF_OTHERS = 'the datagram was not sent, because the host rejected another message in it';

/**
 * Returns a slab with an ERROR message for each message of a datagram that was not sent, as the kernel sends them.
 *
 * @param errno - The negative error number.
 * @param text - The explanation of the rejected message, for the extended ack.
 * @param rejected - The rejected message; undefined if the kernel rejected the whole datagram.
 * @param portId - The port ID of the socket.
 * @internal
 */
export function rejectionSlab(
  messages: readonly ClientMessage[],
  errno: number,
  text: string,
  rejected: ClientMessage | undefined,
  portId: number,
): ArrayBuffer {
  const datagrams = messages.map((message) => {
    const explanation = rejected === undefined || message === rejected ? text : `${TEXT_OF_OTHERS}: ${text}`;
    const encoder = new AttributeEncoder();
    encoder.string(MESSAGE_ATTRIBUTE, explanation);
    const attributes = encoder.encode();
    const payload = new Uint8Array(4 + MESSAGE_HEADER_SIZE + attributes.byteLength);
    payload.set(new Uint8Array(Int32Array.of(errno).buffer));
    payload.set(message.bytes.subarray(0, MESSAGE_HEADER_SIZE), 4);
    payload.set(attributes, 4 + MESSAGE_HEADER_SIZE);
    const flags = MessageFlags.Capped | MessageFlags.AckAttributes;
    return { bytes: encodeMessage({ type: MessageType.Error, flags, sequence: message.sequence, portId, payload }) };
  });
  return encodeSlab(datagrams, { drained: false });
}
