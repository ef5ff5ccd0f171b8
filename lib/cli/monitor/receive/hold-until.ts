import { Observable, type OperatorFunction } from 'rxjs';

/** Holds values back until another stream has completed. */
export function holdUntil<T>(ready: Observable<unknown>): OperatorFunction<T, T> {
  return (source) =>
    new Observable((subscriber) => {
      let held: T[] | undefined = [];
      const error = (cause: unknown): void => {
        subscriber.error(cause);
      };
      subscriber.add(
        source.subscribe({
          next: (value) => {
            if (held === undefined) subscriber.next(value);
            else held.push(value);
          },
          error,
          complete: () => {
            subscriber.complete();
          },
        }),
      );
      subscriber.add(
        ready.subscribe({
          error,
          complete: () => {
            const values = held ?? [];
            held = undefined;
            for (const value of values) subscriber.next(value);
          },
        }),
      );
    });
}
