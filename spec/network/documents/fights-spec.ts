import { expect } from 'chai';
import { Fights } from '../../../lib/network/documents/reconcile/fights.js';
import type { PlanDifference } from '../../../lib/network/documents/plan/plan.js';

const ROUTE: PlanDifference = { table: 'routes', action: 'add', name: '10.9.0.0/16', text: '+ route 10.9.0.0/16' };
const OTHER: PlanDifference = { ...ROUTE, name: '10.8.0.0/16' };

describe('Fights', () => {
  let now: number;
  let fights: Fights;
  beforeEach(() => {
    now = 1000;
    fights = new Fights(() => now);
  });

  it('begins with the sixth repair in 10 seconds, and concerns one object', () => {
    const counts = Array.from({ length: 6 }, () => fights.repaired(ROUTE));
    expect(counts).to.deep.equal([undefined, undefined, undefined, undefined, undefined, 6]);
    expect([fights.waits(ROUTE), fights.waits(OTHER), fights.waits({ ...ROUTE, netns: 'blue' })]).to.deep.equal([true, false, false]);
  });

  it('does not begin with six repairs in a longer time', () => {
    for (let count = 0; count < 20; count++, now += 2100) expect(fights.repaired(ROUTE)).to.equal(undefined);
  });

  it('doubles the delay from 50 ms to 5 minutes, and reports the fight once', () => {
    for (let count = 0; count < 6; count++) fights.repaired(ROUTE);
    const delays: number[] = [];
    for (let count = 0; count < 16; count++) {
      delays.push(fights.nextIn!);
      now += fights.nextIn!;
      expect(fights.waits(ROUTE)).to.equal(false);
      expect(fights.repaired(ROUTE)).to.equal(undefined);
    }
    expect(delays.slice(0, 4)).to.deep.equal([50, 100, 200, 400]);
    expect(delays.at(-1)).to.equal(300_000);
  });

  it('ends after a quiet time', () => {
    for (let count = 0; count < 6; count++) fights.repaired(ROUTE);
    now += 10_200;
    expect(fights.repaired(ROUTE)).to.equal(undefined);
    expect(fights.nextIn).to.equal(undefined);
  });

  it('forgets objects after a quiet time', () => {
    fights.repaired(ROUTE);
    now += 6000;
    fights.repaired(OTHER);
    expect([fights.nextIn, fights.size]).to.deep.equal([undefined, 2]);
    now += 6000;
    expect([fights.nextIn, fights.size]).to.deep.equal([undefined, 1]);
  });
});
