import type { Observable } from 'rxjs';
import type { Message, MessageInit } from '../../wire/index.js';
import type { NetworkNamespace, SocketOption } from '../../socket/index.js';

/** An open socket from the view of a fake kernel. @public */
export interface FakeSocket {
  /** The port ID that it is bound to. */
  readonly portId: number;
  /** The netlink protocol, the last argument of `socket(2)`. */
  readonly protocol: number;
  /** The namespace that it was opened in; undefined for the namespace of the process. */
  readonly netns: NetworkNamespace | undefined;
  /** True while it is paused. */
  readonly isPaused: boolean;
  /** True while it keeps the process alive. */
  readonly isRef: boolean;
  /** Returns the groups that it is a member of, ascending. */
  memberships(): number[];
  /** Returns true if the program turned a socket option on. */
  getOption(option: SocketOption): boolean;
  /** The classic BPF program attached to it. */
  readonly filter: Uint8Array | null;
}

/**
 * Builds a reply that depends on the request, or on the options of its socket: an ack may echo the request.
 *
 * @public
 */
export type ReplyBuilder = (request: Message, socket: FakeSocket) => MessageInit;

/**
 * One reply: a message, a function that builds one, or the bytes of a whole datagram.
 *
 * If sequence number or port ID are omitted, they are those of the request. Bytes are delivered unchanged.
 *
 * @public
 */
export type Reply = MessageInit | ReplyBuilder | Uint8Array;

/**
 * The replies of a handler to a request.
 *
 * - `undefined`: success - an ack if the request asks for one, an empty dump for a dump;
 * - replies: an ack follows if the request asks for one and none of the replies is an ERROR or DONE;
 * - `[]`: no reply, and no ack;
 * - an Observable: each value is delivered when it is emitted, the ack at completion. RxJS controls the timing.
 *
 * @public
 */
export type Replies = Reply | readonly Reply[] | Observable<Reply | readonly Reply[]> | undefined;
