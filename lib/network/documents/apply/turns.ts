import { Observable } from 'rxjs';

/** Runs tasks one after the other, in the order of their subscriptions. @internal */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;

  /**
   * Returns a task that waits for those before it. Unsubscribing from a waiting task takes it out.
   *
   * @param run - Called when it is the task's turn, which lasts until the returned Observable ends.
   */
  take<T>(run: () => Observable<T>): Observable<T> {
    return new Observable((subscriber) => {
      const begin = (): void => {
        this.#isBusy = true;
        // The turn ends before the subscriber learns of it, and may subscribe to the next task.
        let isOver = false;
        const end = (): void => {
          if (isOver) return;
          isOver = true;
          this.#next();
        };
        subscriber.add(
          run().subscribe({
            next: (value) => subscriber.next(value),
            error: (error: unknown) => {
              end();
              subscriber.error(error);
            },
            complete: () => {
              end();
              subscriber.complete();
            },
          }),
        );
        // Unsubscribing ends the turn too.
        subscriber.add(end);
      };
      if (!this.#isBusy) {
        begin();
        return;
      }
      this.#waiting.push(begin);
      subscriber.add(() => {
        const position = this.#waiting.indexOf(begin);
        if (position >= 0) this.#waiting.splice(position, 1);
      });
    });
  }

  #next(): void {
    this.#isBusy = false;
    this.#waiting.shift()?.();
  }
}
