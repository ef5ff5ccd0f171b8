import { MessageFlags, Protocol, type Message } from '../../wire/index.js';

/**
 * Tells whether a kernel would take a request for a dump: the two bits mean other things where something is created.
 *
 * @internal
 */
export function isDumpRequest({ type, flags }: Message, protocol: number): boolean {
  const bits = flags & MessageFlags.Dump;
  // rtnetlink: type modulo 4 is NEW, DEL, GET, SET; a GET dumps on either bit.
  if (protocol === Protocol.Route) return (type & 3) === 2 && bits !== 0;
  return bits === MessageFlags.Dump && (flags & (MessageFlags.Create | MessageFlags.Append)) === 0;
}
