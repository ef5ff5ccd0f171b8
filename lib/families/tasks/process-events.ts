import { Observable } from 'rxjs';
import { FamilyClient, type FamilyOptions } from '../../client/index.js';
import { operationCodec } from '../../schema/index.js';
import { cnProcSchema, type CnProcFamily, type ProcessEvent } from '../generated/cn_proc.js';
import { SharedBinding } from '../packets/shared-binding.js';
import { checkEvents, type ProcessEventName } from './event-names.js';
import { EventNumbers } from './event-numbers.js';
import { ProcessListener } from './process-listener.js';

/** Options of {@link processEvents}, beside those of the socket. @public */
export interface ProcessEventsOptions extends FamilyOptions {
  /**
   * The events to emit. Since Linux 6.6 the kernel sends only these to the socket, before that all.
   * @defaultValue all
   */
  readonly events?: readonly ProcessEventName[];
}

/** The receive queue for the events: the default size holds about 270. */
const RECEIVE_BUFFER_SIZE = 4 << 20;

/** `CN_IDX_PROC`. */
const GROUP = 1;

/**
 * The events of processes, as an Observable.
 *
 * Make one with {@link processEvents}. The first subscription asks the kernel for the events; the subscribers share them. The kernel
 * sends them until one turn of the event loop after the last subscriber has left.
 *
 * @public
 */
export class ProcessEvents extends Observable<ProcessEvent> {
  /** The client of the family, with a socket of its own. */
  readonly client: FamilyClient<CnProcFamily>;
  readonly #binding: SharedBinding<ProcessEvent>;
  readonly #listener: ProcessListener;
  readonly #numbers = new EventNumbers();

  /** @internal use {@link processEvents} */
  constructor({ events, ...socket }: ProcessEventsOptions) {
    super((subscriber) => this.#binding.subscribe(subscriber));
    const { mask, accepts } = checkEvents(events);
    this.client = new FamilyClient(cnProcSchema, { receiveBufferSize: RECEIVE_BUFFER_SIZE, ...socket });
    const { client } = this;
    const listener = new ProcessListener(client, mask);
    this.#listener = listener;
    this.#binding = new SharedBinding({
      hold: () => client.socket.connect(),
      packets: this.#events(accepts),
      bind: () => {
        this.#numbers.reset();
        return listener.listen();
      },
      unbind: () => listener.ignore(),
      ended: () => listener.ended(),
    });
  }

  #events(accepts: (event: ProcessEvent) => boolean): Observable<ProcessEvent> {
    const codec = operationCodec(cnProcSchema, 'process');
    return new Observable((subscriber) =>
      this.client.socket.multicast(GROUP).subscribe({
        next: (message) => {
          let event: ProcessEvent;
          try {
            event = codec.decode(message) as ProcessEvent;
          } catch (error) {
            subscriber.error(error);
            return;
          }
          const missing = this.#listener.receivesAll ? this.#numbers.missingBefore(event) : 0;
          if (event.what === 'none') this.#listener.answer(event.ack, event.data.err);
          else if (this.#listener.accepted && accepts(event)) subscriber.next(event);
          if (missing > 0) subscriber.error(this.#numbers.error(event, missing));
        },
        error: (error: unknown) => {
          this.#numbers.reset();
          this.#listener.overran();
          subscriber.error(error);
        },
      }),
    );
  }

  /** Asks the kernel to stop, and closes the socket: subscriptions end with `SocketClosedError`. */
  close(): void {
    this.#listener.ignore();
    this.client.close();
    this.#binding.lost();
  }

  /** Closes the socket, as `close` does; `using` calls it. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Receives the events of all processes of the machine: forks, executed programs, new names, users, groups and sessions, tracing,
 * core dumps and exits.
 *
 * `what` is the kind of an event and discriminates `data`. A `pid` is the ID of a task, a `tgid` that of its process; both are those of
 * the first namespace of processes. `timestampNs` counts from the start of the machine, as `process.hrtime.bigint()` does.
 *
 * ```text
 * kernel:  --f--e--x--     f = fork, e = exec, x = exit
 *          processEvents({ events: ['exec'] })
 * result:  -----e-----
 * ```
 *
 * The stream ends with an `OverrunError` if events were lost: the receive queue overflowed (ENOBUFS), or, if all events
 * are received, the kernel's numbers of the events have a gap. `resyncOnOverrun` continues.
 *
 * @throws NetlinkError as the error signal: ECONNREFUSED in another network namespace than the first; EPERM in another namespace of
 *   processes or users, and before Linux 6.6 without CAP_NET_ADMIN.
 * @throws TypeError at once if an option is not valid.
 * @example Print the programs that start
 * ```ts
 * processEvents({ events: ['exec'] }).subscribe((event) => {
 *   if (event.what === 'exec') console.log('process', event.data.processTgid, 'executes a program');
 * });
 * ```
 * @public
 */
export function processEvents(options: ProcessEventsOptions = {}): ProcessEvents {
  return new ProcessEvents(options);
}
