import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import type { Message } from '../wire/index.js';

/**
 * Emits only the messages of the given types.
 *
 * It reads headers only, so a message that does not pass costs no decoding. Each family numbers its types; on generic netlink
 * all messages of a family have the same type, and the payload holds the command.
 *
 * ```text
 * source:  --a--b--c--a--|     a has type 16, b 17, c 20
 *          ofType(16, 17)
 * result:  --a--b-----a--|
 * source:  ^-------------!
 * ```
 *
 * @param types - The types to emit, at least one.
 * @returns An operator that mirrors its source without other messages.
 * @throws TypeError if no type is given, or if one is not an integer.
 * @example Changed and deleted links: RTM_NEWLINK, RTM_DELLINK
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
