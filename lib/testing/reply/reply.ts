import type { Observable } from 'rxjs';
import type { Message, MessageInit } from '../../wire/index.js';
import type { NetworkNamespace, SocketOption } from '../../socket/index.js';

/** A socket that is open on a fake kernel, as the kernel sees it. @public */
export interface FakeSocket {
  /** The port ID it is bound to. */
  readonly portId: number;
  /** Last argument of its `socket(2)`. */
  readonly protocol: number;
  /** The namespace it was opened in; undefined for the own one. */
  readonly netns: NetworkNamespace | undefined;
  /** True while it does not read. */
  readonly isPaused: boolean;
  /** True while it keeps the process alive. */
  readonly isRef: boolean;
  /** Groups that it is a member of, ascending. */
  memberships(): number[];
  getOption(option: SocketOption): boolean;
  /** The classic BPF program attached to it. */
  readonly filter: Uint8Array | null;
}

/**
 * A reply that depends on what was asked, or on the options of the socket that asked: acks repeat the request, or not.
 *
 * @public
 */
export type ReplyBuilder = (request: Message, socket: FakeSocket) => MessageInit;

/**
 * One reply: a message, something that makes one, or the bytes of a whole datagram.
 *
 * Sequence number and port ID are the request's where they are left out. Bytes are delivered as they are.
 *
 * @public
 */
export type Reply = MessageInit | ReplyBuilder | Uint8Array;

/**
 * What a handler answers.
 *
 * - nothing (`undefined`): what a kernel says that did as told - an ack where one was asked for, an empty dump for a dump;
 * - replies: followed by an ack, where one was asked for and none of them is an ERROR or DONE;
 * - `[]`: silence, no ack either;
 * - an Observable: each value is delivered when it comes, and the ack at completion. Timing is thereby RxJS's.
 *
 * @public
 */
export type Replies = Reply | readonly Reply[] | Observable<Reply | readonly Reply[]> | undefined;
