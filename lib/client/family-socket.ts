import type { FamilySchema } from '../schema/index.js';
import { kindOf } from '../check/checks.js';
import type { NetlinkSocket, NetlinkSocketOptions } from '../socket/index.js';

/** How to open the socket of a family: all but the protocol, which the family knows. @public */
export type FamilyOptions = Omit<NetlinkSocketOptions, 'protocol'>;

/** A socket of the family's protocol to share, or how to open one of its own. @public */
export type FamilySocket = NetlinkSocket | FamilyOptions;

/** @throws TypeError if the socket speaks another protocol than the family. @internal */
export function checkSocket({ source, protocol }: FamilySchema, socket: NetlinkSocket): NetlinkSocket {
  if (socket.protocol === protocol) return socket;
  throw new TypeError(`${source} needs a socket of protocol ${protocol}, this one speaks ${socket.protocol}`);
}

/** Options of a socket for a family, complete. @throws TypeError if they are none, or name another protocol. @internal */
export function socketOptions({ source, protocol }: FamilySchema, options: Partial<NetlinkSocketOptions>): NetlinkSocketOptions {
  const isObject = typeof options === 'object' && (options as unknown) !== null;
  // A name alone, or another client, is what is given by mistake.
  if (!isObject || 'schema' in options) {
    const given = isObject ? 'a client' : kindOf(options);
    throw new TypeError(`${source} takes a socket, such as another client's .socket, or options, such as { netns: 'blue' }; not ${given}`);
  }
  if (options.protocol !== undefined && options.protocol !== protocol) {
    throw new TypeError(`${source} needs a socket of protocol ${protocol}, not ${options.protocol}`);
  }
  return { ...options, protocol };
}
