import { NetlinkError, errnoName } from '../../errors/index.js';
import type { NativeAddon, NativeSocket } from './load-addon.js';
import { NativeConnection } from './native-connection.js';
import type { BlockingConnection } from '../transport/transport.js';

/** The longest time that `poll(2)` waits, in milliseconds. */
const LONGEST = 0x7fff_ffff;

/** A socket of the addon that the event loop does not read: only its caller does. @internal */
export class SyncNativeConnection extends NativeConnection implements BlockingConnection {
  readonly #socket: NativeSocket;

  constructor(socket: NativeSocket, addon: Pick<NativeAddon, 'constants' | 'exchange'>) {
    super(socket, addon);
    this.#socket = socket;
  }

  receiveBlocking(timeout?: number): ArrayBuffer | undefined {
    const result = this.#socket.wait(timeout === undefined ? -1 : Math.min(Math.ceil(timeout), LONGEST));
    if (typeof result !== 'number') return result;
    throw new NetlinkError(`${errnoName(result)} receive: the socket cannot be read`, { errno: result, operation: 'receive' });
  }
}
