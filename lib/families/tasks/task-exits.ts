import { Observable, catchError, map, of, switchMap, tap, throwError } from 'rxjs';
import { FamilyClient, type FamilyOptions } from '../../client/index.js';
import { KernelError, isKernelError } from '../../errors/index.js';
import { taskstatsSchema, type ExitEvent, type TaskstatsFamily } from '../generated/taskstats.js';
import { SharedBinding } from '../packets/shared-binding.js';

/**
 * Options of {@link taskExits}, beside those of the socket.
 *
 * The kernel sends the events to sockets of the first network namespace only. A process in another one sets `netns: { pid: 1 }`.
 *
 * @public
 */
export interface TaskExitsOptions extends FamilyOptions {
  /**
   * The processors whose exits are emitted, as a list: `0-3,6`. A task exits on the processor that it ran on last.
   * @defaultValue all processors
   */
  readonly cpus?: string;
}

/** The receive queue for the events: the default size holds about 90. */
const RECEIVE_BUFFER_SIZE = 4 << 20;

/** The largest number of processors of a kernel (`NR_CPUS`). */
const MOST_CPUS = 8192;

const ADVICE =
  'the kernel accepts requests from the first namespaces of processes and users only, and processors of /sys/devices/system/cpu/possible';

/**
 * The statistics of tasks that exit, as an Observable.
 *
 * Make one with {@link taskExits}. The first subscription registers the socket; the subscribers share it. The socket is deregistered one
 * turn of the event loop after the last one has left.
 *
 * @public
 */
export class TaskExits extends Observable<ExitEvent> {
  /** The client of the family, with a socket of its own. */
  readonly client: FamilyClient<TaskstatsFamily>;
  readonly #binding: SharedBinding<ExitEvent>;
  /** The processors for which the socket is registered. */
  #cpus = '';

  /** @internal use {@link taskExits} */
  constructor({ cpus, ...socket }: TaskExitsOptions) {
    super((subscriber) => this.#binding.subscribe(subscriber));
    if (cpus !== undefined && (typeof cpus !== 'string' || cpus.trim() === ''))
      throw new TypeError('taskExits: option cpus must be a list of processors, such as 0-3,6');
    this.client = new FamilyClient(taskstatsSchema, { receiveBufferSize: RECEIVE_BUFFER_SIZE, ...socket });
    const { client } = this;
    this.#binding = new SharedBinding({
      hold: () => client.socket.connect(),
      packets: client.events('exit'),
      bind: () => (cpus === undefined ? this.#registerAll() : this.#register(cpus)),
      unbind: () => {
        if (client.socket.isOpen) client.send('register', { deregisterCpumask: this.#cpus });
      },
      ended: () => undefined,
    });
  }

  #register(cpus: string): Observable<void> {
    return this.client.do('register', { registerCpumask: cpus }).pipe(
      map(() => undefined),
      tap(() => (this.#cpus = cpus)),
      catchError((error: unknown) => throwError(() => withAdvice(error))),
    );
  }

  /** Registers for all processors. Kernels before 5.13 do not know the word `all`: the highest number is searched for. */
  #registerAll(): Observable<void> {
    const accepts = (last: number): Observable<boolean> =>
      this.#register(`0-${last}`).pipe(
        map(() => true),
        catchError((error: unknown) => (isRefused(error) ? of(false) : throwError(() => error))),
      );
    return this.#register('all').pipe(
      catchError((error: unknown) => {
        if (!isRefused(error)) return throwError(() => error);
        // Each request adds processors. If the kernel refuses even the first one, the reason is another one than the list.
        return this.#register('0').pipe(
          switchMap(() => greatest(accepts, 0, MOST_CPUS)),
          map(() => undefined),
        );
      }),
    );
  }

  /** Closes the socket: the kernel sends no more events, and subscriptions end with `SocketClosedError`. */
  close(): void {
    this.client.close();
    this.#binding.lost();
  }

  /** Closes the socket, as `close` does; `using` calls it. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** Finds the greatest number that is accepted, by halves; `least` is accepted, `beyond` is not. */
function greatest(accepts: (number: number) => Observable<boolean>, least: number, beyond: number): Observable<number> {
  if (beyond - least <= 1) return of(least);
  const middle = (least + beyond) >> 1;
  return accepts(middle).pipe(switchMap((accepted) => (accepted ? greatest(accepts, middle, beyond) : greatest(accepts, least, middle))));
}

/** The kernel rejects processors that cannot exist with ERANGE or EINVAL, and namespaces with EINVAL. */
function isRefused(error: unknown): boolean {
  return isKernelError(error, 'EINVAL') || isKernelError(error, 'ERANGE');
}

function withAdvice(error: unknown): unknown {
  if (!isKernelError(error) || !isRefused(error)) return error;
  const { errno, operation, extendedAck, request } = error;
  return new KernelError({ errno, operation, extendedAck, request, advice: ADVICE });
}

/**
 * Receives the statistics of every task that exits: of each thread, and of each process with its last thread.
 *
 * An event has `aggrPid`, the statistics of the task. The event of the last task of a process that had several tasks also has
 * `aggrTgid`, the sums over them. Since version 12 of the struct the flag `AcctFlags.Group` marks the last task of each process.
 *
 * The stream ends with an `OverrunError` if the receive queue overflowed (ENOBUFS); `resyncOnOverrun` continues, and the
 * socket stays registered.
 *
 * @throws {@link KernelError} as the error signal: EPERM without CAP_NET_ADMIN in the initial namespace; EINVAL or ERANGE for a list of
 *   processors that the kernel does not accept, and in other namespaces of processes or users. `FamilyNotFoundError` if the kernel
 *   has no task statistics.
 * @throws TypeError at once if an option is not valid.
 * @example Print the processor time of each process that ends
 * ```ts
 * taskExits().subscribe(({ aggrPid }) => console.log(aggrPid?.stats?.acComm, aggrPid?.stats?.acUtime));
 * ```
 * @public
 */
export function taskExits(options: TaskExitsOptions = {}): TaskExits {
  return new TaskExits(options);
}
