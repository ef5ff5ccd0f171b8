import { expect } from 'chai';
import { defer, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { joinFirst } from '../../examples/monitor/join-first.js';

describe('joinFirst', () => {
  let scheduler: TestScheduler;
  beforeEach(() => {
    scheduler = new TestScheduler((actual, expected) => {
      expect(actual).to.deep.equal(expected);
    });
  });

  it('tells the changes met during the snapshot after it', () => {
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

  it('joins before it asks', () => {
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

  it('ends with an error of the changes, and lets go of the snapshot', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const changes = cold(' --x--#');
      const snapshot = cold('--------(s|)');
      expectObservable(joinFirst(changes, snapshot)).toBe('-----#');
      expectSubscriptions(snapshot.subscriptions).toBe('^----!');
    });
  });

  it('ends with an error of the snapshot, and leaves', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const changes = cold(' --x--y--');
      const snapshot = cold('----#');
      expectObservable(joinFirst(changes, snapshot)).toBe('----#');
      expectSubscriptions(changes.subscriptions).toBe('^---!');
    });
  });
});
