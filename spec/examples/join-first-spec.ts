import { expect } from 'chai';
import { defer, throwError, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { joinFirst } from '../../examples/monitor/join-first.js';

describe('joinFirst', () => {
  let scheduler: TestScheduler;
  beforeEach(() => {
    scheduler = new TestScheduler((actual, expected) => {
      expect(actual).to.deep.equal(expected);
    });
  });

  it('emits the changes during the snapshot after it', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const changes = cold(' --x--y------z--');
      const snapshot = cold('------(s|)     ');
      const expected = '     ------(sxy)-z--';
      const unsubscribe = '  --------------!';
      expectObservable(joinFirst(changes, snapshot), unsubscribe).toBe(expected);
      expectSubscriptions(changes.subscriptions).toBe('^-------------!');
      expectSubscriptions(snapshot.subscriptions).toBe('^-----!');
    });
  });

  it('reads the snapshot again after lost events, also during a snapshot', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const values = { x: 'x', y: 'y', z: 'z', u: 'u', 0: null };
      const changes = cold(' -x--0---y----z--0--u------', values);
      const snapshot = cold('-----(s|)');
      const expected = '     ---------(sy)z-------(su)-';
      const unsubscribe = '  -------------------------!';
      expectObservable(joinFirst(changes, snapshot), unsubscribe).toBe(expected);
      expectSubscriptions(snapshot.subscriptions).toBe(['^---!', '----^----!', '----------------^----!']);
      expectSubscriptions(changes.subscriptions).toBe('^------------------------!');
    });
  });

  it('subscribes to the changes before the snapshot', () => {
    const order: string[] = [];
    scheduler.run(({ cold, expectObservable }) => {
      const noting = (name: string, source: Observable<string>) =>
        defer(() => {
          order.push(name);
          return source;
        });
      expectObservable(joinFirst(noting('changes', cold('-|')), noting('snapshot', cold('|')))).toBe('-|');
    });
    expect(order).to.deep.equal(['changes', 'snapshot']);
  });

  it('ends with an error of the changes, and unsubscribes from the snapshot', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const changes = cold(' --x--#');
      const snapshot = cold('--------(s|)');
      expectObservable(joinFirst(changes, snapshot)).toBe('-----#');
      expectSubscriptions(snapshot.subscriptions).toBe('^----!');
    });
  });

  it('does not read the snapshot when the changes fail', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const snapshot = cold('-(s|)');
      expectObservable(
        joinFirst(
          throwError(() => 'error'),
          snapshot,
        ),
      ).toBe('#');
      expectSubscriptions(snapshot.subscriptions).toBe([]);
    });
  });

  it('ends with an error of the snapshot, and unsubscribes from the changes', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const changes = cold(' --x--y--');
      const snapshot = cold('----#');
      expectObservable(joinFirst(changes, snapshot)).toBe('----#');
      expectSubscriptions(changes.subscriptions).toBe('^---!');
    });
  });
});
