import type { Observer } from 'rxjs';
import type { NetlinkError } from '../../errors/index.js';
import type { Message } from '../../wire/index.js';
import type { Slab } from '../transport/slab.js';

/** Receives the replies to a request. @internal */
export interface RequestOutcome extends Observer<Message> {
  /** True if it has kept none of the messages: their memory may receive other messages. */
  readonly keepsNothing?: boolean;
}

/** Receives the outcome of a request; the methods must not throw. @internal */
export interface RequestObserver extends RequestOutcome {
  /** The socket has sent the request. */
  sent(): void;
  /** The kernel was busy with another dump: the request waits until the socket sends it again. */
  requeued(): void;
  error(error: NetlinkError): void;
}

/** A request that `Session.ask` has sent, and that has not ended. @internal */
export interface SentRequest {
  readonly sequence: number;
  /** The datagrams that were read right after sending. */
  readonly slab: Slab | undefined;
}
