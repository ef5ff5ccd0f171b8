import { expect } from 'chai';
import { TestScheduler } from 'rxjs/testing';
import { chooseUplink } from '../../../examples/failover/choose.js';

const VERDICTS = { t: true, f: false };
const PLACES = { 0: 0, 1: 1, 2: 2 };

interface Diagram {
  readonly verdicts: readonly string[];
  readonly expected: string;
  readonly previous?: number;
}

describe('chooseUplink of examples/failover', () => {
  const check = ({ verdicts, expected, previous }: Diagram): void => {
    new TestScheduler((actual, wanted) => {
      expect(actual).to.deep.equal(wanted);
    }).run(({ cold, expectObservable, expectSubscriptions }) => {
      const sources = verdicts.map((diagram) => cold(diagram, VERDICTS));
      expectObservable(chooseUplink(sources, { hold: 5 }, previous), '-------------------------!').toBe(expected, PLACES);
      for (const source of sources) expectSubscriptions(source.subscriptions).toBe('^------------------------!');
    });
  };

  it('chooses the first uplink when all have a verdict', () => {
    check({ verdicts: ['---t', '-t'], expected: '---0' });
  });
  it('chooses the second one when the first is down', () => {
    check({ verdicts: ['-f', '---t'], expected: '---1' });
  });
  it('moves at once, and returns after the hold time', () => {
    check({ verdicts: ['t----f---t', '-t'], expected: '-0---1--------0' });
  });
  it('begins the hold time again when the uplink was down meanwhile', () => {
    check({ verdicts: ['t-f-t---f-t', 't'], expected: '0-1------------0' });
  });
  it('uses an uplink in its hold time if the present one is down', () => {
    check({ verdicts: ['t-f--t', 't-----f'], expected: '0-1---0' });
  });
  it('keeps the choice when all are down, and takes the first that returns', () => {
    check({ verdicts: ['t-f--------t', 't---f--t'], expected: '0-1-------------0' });
    check({ verdicts: ['t-f----t', 't---f'], expected: '0-1----0' });
  });
  it('chooses nothing while all are down from the start', () => {
    check({ verdicts: ['f----t', 'f'], expected: '-----0' });
  });
  it('keeps the choice of an earlier run, and holds the others back', () => {
    check({ verdicts: ['-t', '-t'], previous: 1, expected: '------0' });
    check({ verdicts: ['-t', '-t'], previous: 0, expected: '-' });
    check({ verdicts: ['-f', '-t'], previous: 0, expected: '-1' });
  });
  it('does not move from one uplink that works to a later one', () => {
    check({ verdicts: ['f', 't', '-t-f-t'], expected: '-1' });
  });
  it('chooses among three by their order', () => {
    check({ verdicts: ['t-f', 't----f', 't'], expected: '0-1--2' });
  });
});
