import { expect } from 'chai';
import { TestScheduler } from 'rxjs/testing';
import { judge, type Sign } from '../../../examples/failover/judge.js';

const SIGNS: Readonly<Record<string, Sign>> = { a: 'answered', m: 'missed', l: 'lost' };
const VERDICTS = { t: true, f: false };
const LIMITS = { failures: 3, successes: 2, hold: 0 };

describe('judge of examples/failover', () => {
  const check = (signs: string, expected: string, limits = LIMITS): void => {
    new TestScheduler((actual, wanted) => {
      expect(actual).to.deep.equal(wanted);
    }).run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold(signs, SIGNS);
      expectObservable(source.pipe(judge(limits)), '--------------------------------!').toBe(expected, VERDICTS);
      expectSubscriptions(source.subscriptions).toBe('^-------------------------------!');
    });
  };

  it('changes the verdict after signs in succession only', () => {
    check('-a-m-m-a-m-m-m-a-m-a-a-l-a-a-', '-t-----------f-------t-f---t');
  });
  it('counts the first answer as the first verdict', () => {
    check('-m-m-a', '-----t');
  });
  it('needs all failures for a first verdict that is down', () => {
    check('-m-m-m-a-a', '-----f---t');
  });
  it('takes a lost carrier as a verdict at once, also as the first one', () => {
    check('-l-a-a-l', '-f---t-f');
  });
  it('begins to count anew when an uplink is lost again', () => {
    check('-l-a-l-a-a', '-f-------t');
  });
  it('holds while two of three probes are lost, in both directions', () => {
    check('-amm-amm-amm-amm', '-t');
    check('-l-amm-amm-amm', '-f');
  });
  it('follows each sign if one is enough', () => {
    check('-a-m-a-m', '-t-f-t-f', { ...LIMITS, failures: 1, successes: 1 });
  });
});
