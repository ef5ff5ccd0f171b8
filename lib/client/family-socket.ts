import type { FamilySchema } from '../schema/index.js';
import { kindOf } from '../check/index.js';
import type { NetlinkSocket, NetlinkSocketOptions } from '../socket/index.js';

/** The options of a family's socket; the family sets the protocol. @public */
export type FamilyOptions = Omit<NetlinkSocketOptions, 'protocol'>;

/** A socket of the family's protocol to share, or options to open a socket. @public */
export type FamilySocket = NetlinkSocket | FamilyOptions;

/** Returns the socket. @throws TypeError if it has another protocol than the family. @internal */
export function checkSocket({ source, protocol }: FamilySchema, socket: NetlinkSocket): NetlinkSocket {
  if (socket.protocol === protocol) return socket;
  throw new TypeError(`${source}: the socket has protocol ${socket.protocol}; expected ${protocol}`);
}

/** Returns the complete options of a socket for a family. @throws TypeError if they are not options, or name another protocol. @internal */
export function socketOptions({ source, protocol }: FamilySchema, options: Partial<NetlinkSocketOptions>): NetlinkSocketOptions {
  const isObject = typeof options === 'object' && (options as unknown) !== null;
  // Typical mistakes: the name of a namespace alone, or another client.
  if (!isObject || 'schema' in options) {
    const given = isObject ? 'a client' : kindOf(options);
    throw new TypeError(
      `${source}: cannot use ${given}; expected a socket, such as another client's .socket, or options, such as { netns: 'blue' }`,
    );
  }
  if (options.protocol !== undefined && options.protocol !== protocol) {
    throw new TypeError(`${source}: option protocol is ${options.protocol}; expected ${protocol}`);
  }
  return { ...options, protocol };
}
