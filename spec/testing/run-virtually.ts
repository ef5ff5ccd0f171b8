import { TestScheduler } from 'rxjs/testing';

/** Runs in virtual time; what is scheduled is over when it returns. `flush` gets there earlier. */
export function runVirtually(callback: (flush: () => void, at: (frame: number, action: () => void) => void) => void): void {
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ flush }) => {
    callback(flush, (frame, action) => {
      scheduler.schedule(action, frame);
    });
  });
}
