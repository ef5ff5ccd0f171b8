import { Observable } from 'rxjs';
import type { RequestSubscriber } from './outcome.js';

/**
 * Ends a subscriber with the reason of the signal when the signal is aborted.
 *
 * @returns False if the signal was aborted before.
 * @internal
 */
export function abortWith(signal: AbortSignal | undefined, subscriber: RequestSubscriber): boolean {
  return signal === undefined || follow(signal, subscriber);
}

/** A function of its own: V8 allocates the variables of a closure at each call, also if the closure is not made. */
function follow(signal: AbortSignal, subscriber: RequestSubscriber): boolean {
  const abort = (): void => subscriber.error(signal.reason);
  if (signal.aborted) {
    abort();
    return false;
  }
  signal.addEventListener('abort', abort, { once: true });
  subscriber.add(() => signal.removeEventListener('abort', abort));
  return true;
}

/** Ends a stream with the reason of the signal when the signal is aborted; it does not subscribe if that happened before. @internal */
export function untilAborted<T>(source: Observable<T>, signal: AbortSignal | undefined): Observable<T> {
  if (signal === undefined) return source;
  return new Observable((subscriber) => {
    if (abortWith(signal, subscriber)) subscriber.add(source.subscribe(subscriber));
  });
}
