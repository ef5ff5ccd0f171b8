import { expect } from 'chai';
import { firstValueFrom, Subscription } from 'rxjs';
import sinon from 'sinon';
import { atOnce, each, inSlices, translated, type Work } from '../../lib/network/common/slices.js';

/** Keeps the processor busy for some milliseconds. */
function spend(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('inSlices', () => {
  const numbers = Array.from({ length: 640 }, (_, index) => index);

  it('emits the result at once when the work is short', () => {
    const values: unknown[] = [];
    // Another program may stop this one in the middle of the work.
    const clock = sinon.stub(performance, 'now').returns(0);
    inSlices(() => translated(numbers, (number) => (number % 2 === 0 ? number : undefined))).subscribe((value) => values.push(value));
    clock.restore();
    expect(values).to.deep.equal([numbers.filter((number) => number % 2 === 0)]);
  });

  it('pauses at the end of a slice only', () => {
    let pauses = 0;
    const clock = sinon.stub(performance, 'now').returns(0);
    const work = function* (): Work<void> {
      for (
        const inner = each(numbers, (number) => {
          if (number === 320) clock.returns(100);
        });
        inner.next().done !== true;
      ) {
        pauses++;
        clock.returns(0);
        yield;
      }
    };
    inSlices(work).subscribe();
    clock.restore();
    expect(pauses).to.equal(1);
  });

  it('lets other events in while it works', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await firstValueFrom(inSlices(() => translated(numbers, () => spend(0.1))));
    clearInterval(timer);
    // 64 ms of work in slices of 4 ms.
    expect(turns).to.be.within(5, 30);
  });

  it('ends the work when its subscriber leaves', async () => {
    let visited = 0;
    const work = inSlices(() => each(numbers, () => (spend(0.5), visited++)));
    work.subscribe(() => expect.fail('unsubscribed')).unsubscribe();
    const before = visited;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(visited).to.equal(before).and.below(numbers.length);
  });

  it('schedules no slice after its subscriber has left inside a visit', async () => {
    let slices = 0;
    const subscription = new Subscription();
    const work = function* (): Work<void> {
      while (slices < 6) {
        // The second slice is the first that begins behind the return of subscribe().
        if (++slices === 2) subscription.unsubscribe();
        spend(5);
        yield;
      }
    };
    subscription.add(inSlices(work).subscribe());
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(slices).to.equal(2);
  });

  it('signals an error of a later slice', async () => {
    const failing = function* (): Work<number> {
      yield* each(numbers, () => spend(0.1));
      throw new Error('late');
    };
    const error: unknown = await firstValueFrom(inSlices(failing)).catch((reason: unknown) => reason);
    expect((error as Error).message).to.equal('late');
    expect(() => atOnce(failing())).to.throw('late');
  });
});
