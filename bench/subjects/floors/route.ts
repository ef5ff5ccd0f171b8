import { Protocol, type TransportConnection } from '../../../dist/index.js';
import { openBlocking, openConnection } from './connection.js';

export const connection: TransportConnection = openConnection(Protocol.Route);

/** The event loop does not read it. */
export const blocking: TransportConnection = openBlocking(Protocol.Route);
