import { expect } from 'chai';
import { concat, defer, ignoreElements, map, of, Subject, timer, type Observable, type Subscription } from 'rxjs';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import { watchRoutes } from '../../lib/dashboard/index.js';
import { OverrunError } from '../../lib/errors/index.js';
import type { Network } from '../../lib/network/index.js';

describe('watchRoutes', () => {
  let clock: SinonFakeTimers;
  let events: Subject<unknown>;
  let others: Subject<void>;
  let subscription: Subscription;
  /** The requests and memberships, each with its time in milliseconds. */
  let log: string[];
  /** The duration of a reading in milliseconds; 0 for one that is done at once. */
  let duration: number;

  const note = (word: string): void => void log.push(`${String(clock.now)} ${word}`);
  beforeEach(() => {
    clock = useFakeTimers();
    events = new Subject();
    others = new Subject();
    log = [];
    duration = 0;
    const list = (): Observable<readonly []> =>
      defer(() => {
        note('read');
        return concat(duration === 0 ? of() : timer(duration).pipe(ignoreElements()), of([] as const));
      });
    const notifications = (): Observable<unknown> =>
      defer(() => {
        note('join');
        return (events = new Subject());
      });
    const net = { routes: { list }, clients: { route: { notifications } } } as unknown as Network;
    subscription = watchRoutes(net, others)
      .pipe(map(() => note('emit')))
      .subscribe();
    log.push('--');
  });
  afterEach(() => {
    subscription.unsubscribe();
    clock.restore();
  });
  const take = (): string[] => log.splice(0);

  it('joins, then reads, and holds no timer after the end', () => {
    expect(take()).to.deep.equal(['0 join', '0 read', '0 emit', '--']);
    clock.tick(60_000);
    expect(take()).to.deep.equal([]);
    others.next();
    subscription.unsubscribe();
    expect(clock.countTimers()).to.equal(0);
  });

  it('reads at once after a change, and once after many that follow it', () => {
    clock.tick(1000);
    take();
    for (let change = 0; change < 5; change++) events.next(undefined);
    others.next();
    expect(take()).to.deep.equal(['1000 read', '1000 emit']);
    clock.tick(60_000);
    expect(take()).to.deep.equal(['1200 read', '1200 emit']);
  });

  it('reads after it has joined again, because events were lost until then', () => {
    clock.tick(1000);
    take();
    events.error(new OverrunError(1));
    clock.tick(60_000);
    expect(take()).to.deep.equal(['1100 join', '1100 read', '1100 emit']);
  });

  it('never has more than one reading that waits, and pauses from the end of a reading', () => {
    clock.tick(1000);
    take();
    duration = 3000;
    for (let change = 0; change < 50; change++) {
      events.next(undefined);
      clock.tick(100);
    }
    clock.tick(60_000);
    // The pause is twice the duration of the reading.
    expect(take()).to.deep.equal(['1000 read', '4000 emit', '10000 read', '13000 emit']);
  });

  it('pauses twenty times as long as it has read', () => {
    clock.tick(1000);
    take();
    duration = 50;
    others.next();
    clock.tick(60);
    others.next();
    clock.tick(60_000);
    expect(take()).to.deep.equal(['1000 read', '1050 emit', '2050 read', '2100 emit']);
  });

  it('reads again after a change during a reading', () => {
    clock.tick(1000);
    take();
    duration = 10;
    events.next(undefined);
    clock.tick(5);
    events.next(undefined);
    clock.tick(60_000);
    expect(take()).to.deep.equal(['1000 read', '1010 emit', '1210 read', '1220 emit']);
  });
});
