import { expect } from 'chai';
import { TestScheduler } from 'rxjs/testing';
import { signsOf } from '../../../examples/failover/conditions.js';

const READY = { isUsable: true, hasCarrier: true, isGatewayLost: false };
const CONDITIONS = {
  r: READY,
  c: { ...READY, hasCarrier: false },
  d: { ...READY, isUsable: false },
  g: { ...READY, isGatewayLost: true },
};
const SIGNS = { a: 'answered', m: 'missed', l: 'lost' };

describe('signsOf of examples/failover', () => {
  const check = (conditions: string, answer: string, expected: string, subscriptions: string[]): void => {
    new TestScheduler((actual, wanted) => {
      expect(actual).to.deep.equal(wanted);
    }).run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const condition = hot(conditions, CONDITIONS);
      const probe = cold(answer, { t: true, f: false });
      expectObservable(signsOf(condition, probe, 4), '--------------!').toBe(expected, SIGNS);
      expectSubscriptions(probe.subscriptions).toBe(subscriptions);
    });
  };

  it('sends probes while the link is ready, and ends them', () => {
    check('r', '-(t|)', '-a---a---a---a', ['^!', '----^!', '--------^!', '------------^!']);
  });
  it('waits for a probe before the next one', () => {
    check('r', '-----(f|)', '-----m-------m', ['^----!', '--------^----!']);
  });
  it('reports a lost carrier and ends the probe', () => {
    check('r----c---r', '--(t|)', '--a--l-----a', ['^-!', '----^!', '---------^-!', '-------------^!']);
  });
  it('reports a link without its address as lost, once', () => {
    check('d--c--d', '-', 'l', []);
  });
  it('reports a lost gateway each time, and continues the probes', () => {
    check('r-g-r--g', '-(t|)', '-al--a-l-a---a', ['^!', '----^!', '--------^!', '------------^!']);
  });
});
