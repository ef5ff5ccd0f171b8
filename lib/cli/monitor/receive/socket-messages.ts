import { Observable } from 'rxjs';
import { NetlinkError, OverrunError } from '../../../errors/index.js';
import { netlink, type NetlinkSocket } from '../../../socket/index.js';
import type { Message } from '../../../wire/index.js';
import type { Lost } from '../event.js';

/** Receives the reason why a group cannot be joined. */
export type Refused = (error: NetlinkError) => void;

/** The protocol and the groups that one socket listens to. */
export interface Listened {
  readonly protocol: number;
  /** The protocol in words, for losses. */
  readonly name: string;
  readonly netns: string | undefined;
  /** The groups, with the function that receives why the socket cannot join one. */
  readonly groups: ReadonlyMap<number, Refused>;
  readonly receiveBufferSize: number;
  /** Receives at the end of messages that were lost and whose loss has not been emitted. */
  readonly lostAtEnd: (lost: Lost) => void;
}

/** The socket that a message arrived at: families that are registered later have groups to join. */
export type OpenSocket = Pick<NetlinkSocket, 'joinGroup'>;

/**
 * Emits the messages of all groups in the kernel's order, and the losses in their place.
 *
 * The groups are joined at the subscription. A group that cannot be joined is reported, and the others are received. Completes if there is no other.
 */
export function socketMessages<T>(
  { protocol, name, netns, groups, receiveBufferSize, lostAtEnd }: Listened,
  project: (message: Message, socket: OpenSocket) => T | undefined,
): Observable<T | Lost> {
  return new Observable((subscriber) => {
    const socket = netlink({ protocol, receiveBufferSize, ...(netns !== undefined && { netns }) });
    let reported = 0;
    const lostEvent = (datagrams: number): Lost => ({ type: 'lost', time: Date.now(), protocol: name, datagrams });
    subscriber.add(() => {
      const unreported = socket.isOpen ? socket.drops - reported : 0;
      socket.close();
      if (unreported > 0) lostAtEnd(lostEvent(unreported));
    });
    socket.connect();
    let joined = 0;
    for (const [group, refused] of groups) {
      try {
        socket.joinGroup(group);
        joined++;
      } catch (error) {
        if (!(error instanceof NetlinkError)) throw error;
        refused(error);
      }
    }
    // Without a group nothing can arrive.
    if (joined === 0) {
      subscriber.complete();
      return;
    }
    const listen = (): void => {
      if (subscriber.closed) return;
      subscriber.add(
        socket.subscribe({
          next: (message) => {
            const event = project(message, socket);
            if (event !== undefined) subscriber.next(event);
          },
          error: (error: unknown) => {
            if (!(error instanceof OverrunError)) {
              subscriber.error(error);
              return;
            }
            reported += error.dropped;
            subscriber.next(lostEvent(error.dropped));
            // In the same turn: the messages that are queued behind the loss are not lost.
            listen();
          },
        }),
      );
    };
    listen();
  });
}
