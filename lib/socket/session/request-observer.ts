import type { NetlinkError } from '../../errors/index.js';
import type { Message } from '../../wire/index.js';

/** Receives the outcome of a request; the methods must not throw. @internal */
export interface RequestObserver {
  /** The socket has sent the request. */
  sent(): void;
  /** The kernel was busy with another dump: the request waits until the socket sends it again. */
  requeued(): void;
  next(message: Message): void;
  complete(): void;
  error(error: NetlinkError): void;
}
