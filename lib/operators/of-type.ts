import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import type { Message } from '../wire/index.js';

/**
 * Lets only messages of some types pass.
 *
 * Only headers are looked at: what does not pass costs no decoding. Types are numbers of the family's; on generic netlink
 * all messages of a family have one type, and the command is in the payload.
 *
 * ```text
 * source:  --a--b--c--a--|     a has type 16, b 17, c 20
 *          ofType(16, 17)
 * result:  --a--b-----a--|
 * source:  ^-------------!
 * ```
 *
 * @param types - The types that pass, at least one.
 * @returns An operator that mirrors its source without all other messages.
 * @throws TypeError if no type is named.
 * @example Links that come and go: RTM_NEWLINK, RTM_DELLINK
 * ```ts
 * socket.multicast(1).pipe(ofType(16, 17));
 * ```
 * @public
 */
export function ofType(...types: readonly number[]): MonoTypeOperatorFunction<Message> {
  if (types.length === 0) throw new TypeError('ofType(): expected at least one message type, got none');
  const wrong = types.find((type) => !Number.isInteger(type));
  if (wrong !== undefined) throw new TypeError(`ofType(): ${wrong} is not a message type; expected an integer`);
  const wanted = new Set(types);
  return filter(({ type }) => wanted.has(type));
}
