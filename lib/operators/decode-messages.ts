import { concatMap, type OperatorFunction } from 'rxjs';
import { iterateMessages, type Datagram, type Message } from '../wire/index.js';

/**
 * Emits the messages of each datagram, in order.
 *
 * A datagram holds any number of messages; the last may lack its padding. Messages are views into the datagram's memory
 * and carry its origin. Do not use it on uevent sockets: their datagrams do not contain netlink messages.
 *
 * ```text
 * source:  --a---b----c-|     a holds messages 1 and 2, b none, c message 3
 *          decodeMessages()
 * result:  --(12)-----3-|
 * source:  ^------------!
 * ```
 *
 * @returns An operator from datagrams to messages.
 * @throws {@link DecodeError} as the error signal, if a message's length is wrong; the messages before it are emitted first.
 * @example All messages that a socket receives
 * ```ts
 * socket.datagrams.pipe(decodeMessages()).subscribe((message) => console.log(message.type));
 * ```
 * @public
 */
export function decodeMessages(): OperatorFunction<Datagram, Message> {
  return concatMap((datagram) => iterateMessages(datagram.bytes, datagram));
}
