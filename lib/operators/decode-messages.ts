import { concatMap, type OperatorFunction } from 'rxjs';
import { iterateMessages, type Datagram, type Message } from '../wire/index.js';

/**
 * Takes datagrams apart: emits the messages that each holds, in order.
 *
 * A datagram holds any number of messages; the last may lack its padding. They are views into the datagram's memory, and
 * know who sent it. Do not use it on uevent sockets: theirs are no netlink messages.
 *
 * ```text
 * source:  --a---b----c-|     a holds messages 1 and 2, b none, c message 3
 *          decodeMessages()
 * result:  --(12)-----3-|
 * source:  ^------------!
 * ```
 *
 * @returns An operator from datagrams to messages.
 * @throws {@link DecodeError} as the error signal, if a message's length is wrong; those before it come first.
 * @example Everything that a socket receives
 * ```ts
 * socket.datagrams.pipe(decodeMessages()).subscribe((message) => console.log(message.type));
 * ```
 * @public
 */
export function decodeMessages(): OperatorFunction<Datagram, Message> {
  return concatMap((datagram) => iterateMessages(datagram.bytes, datagram));
}
