import { expect } from 'chai';
import { NEVER, Observable, defer, map, of, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { sample } from '../../lib/fleet/sampled/sample.js';

interface Row {
  readonly name: string;
  readonly count: bigint;
}

/** Emits one of the given readings with each subscription: rows as `a1 b2`, or an error as `!text`. */
function readings(...texts: readonly string[]): { readonly read: Observable<readonly Row[]>; readonly subscriptions: () => number } {
  let subscriptions = 0;
  const read = defer(() => {
    const text = texts[subscriptions++ % texts.length]!;
    return text.startsWith('!') ? throwError(() => new Error(text.slice(1))) : of(rowsOf(text));
  });
  return { read, subscriptions: () => subscriptions };
}

function rowsOf(text: string): readonly Row[] {
  return text.split(' ').flatMap((part) => (part === '' ? [] : [{ name: part[0]!, count: BigInt(part.slice(1)) }]));
}

const textOf = (rows: readonly Row[]): string => rows.map(({ name, count }) => `${name}${String(count)}`).join(' ');

/** Returns the emissions of readings at an interval of 1,000 ms, as texts with their times. */
function emissions(read: Observable<readonly Row[]>, until: number): string[] {
  const lines: string[] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(() => {
    const subscription = sample(read, ({ name }) => name, 1000)
      .pipe(
        map((change) => {
          if (change.type === 'unread') return `unread ${change.reason}`;
          if (change.type === 'synced') return `synced ${textOf(change.entries)}`;
          if (change.type !== 'changed') return `${change.type} ${textOf([change.value])}`;
          return `changed ${textOf([change.previous, change.value])}: ${change.properties.join()}`;
        }),
      )
      .subscribe((text) => lines.push(`${String(scheduler.now())}: ${text}`));
    scheduler.schedule(() => subscription.unsubscribe(), until);
  });
  return lines;
}

describe('sample', () => {
  it('emits the first reading as synced, then the differences only', () => {
    const { read, subscriptions } = readings('a1 b1', 'a2 b1', 'b1 c1', 'b1 c1');
    expect(emissions(read, 3500)).to.deep.equal(['0: synced a1 b1', '1000: changed a1 a2: count', '2000: added c1', '2000: removed a2']);
    expect(subscriptions()).to.equal(4);
  });

  it('reports a reading that fails, once for a reason, and continues with the differences', () => {
    const { read } = readings('a1', '!denied', '!denied', '!gone', 'a2', 'a3');
    expect(emissions(read, 5500)).to.deep.equal([
      '0: synced a1',
      '1000: unread denied',
      '3000: unread gone',
      '4000: changed a1 a2: count',
      '4000: synced a2',
      '5000: changed a2 a3: count',
    ]);
  });

  it('emits synced when the first reading fails and a later one does not', () => {
    expect(emissions(readings('!denied', 'a1', 'a1').read, 2500)).to.deep.equal(['0: unread denied', '1000: synced a1']);
  });

  it('reads once at a time', () => {
    let open = 0;
    let most = 0;
    const slow = new Observable<readonly Row[]>((subscriber) => {
      most = Math.max(most, ++open);
      const timer = of(rowsOf('a1')).subscribe(() => undefined);
      subscriber.add(timer);
      subscriber.add(() => open--);
    });
    expect(emissions(slow, 5500)).to.deep.equal([]);
    expect([most, open]).to.deep.equal([1, 0]);
  });

  it('fails a reading that the kernel does not answer within 30 seconds, and unsubscribes from it', () => {
    let closed = 0;
    const silent = new Observable<readonly Row[]>(() => () => closed++);
    expect(emissions(silent, 30_500)).to.deep.equal(['30000: unread the kernel did not answer within 30000 ms']);
    // The second one ended with the subscription.
    expect(closed).to.equal(2);
    expect(emissions(NEVER, 500)).to.deep.equal([]);
  });
});
