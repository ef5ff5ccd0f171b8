import { TestScheduler } from 'rxjs/testing';

/** Runs a callback in virtual time, and everything that it schedules. `flush` runs the scheduled actions earlier. */
export function runVirtually(callback: (flush: () => void, at: (frame: number, action: () => void) => void) => void): void {
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ flush }) => {
    callback(flush, (frame, action) => {
      scheduler.schedule(action, frame);
    });
  });
}
