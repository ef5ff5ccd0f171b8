import { expect } from 'chai';
import { useNamespace } from '../support/namespace.js';
import { expectBudget } from './expect-budget.js';
import { runSubject, subjectCommand } from './subject.js';

const EVENTS = 4000;

describe('queued events', function () {
  this.timeout(60_000);
  const namespace = useNamespace();

  it('are read in few callbacks, at most one in a turn of the event loop', () => {
    const figures = runSubject<{ events: number; callbacks: number; turns: number }>([
      'nsenter',
      `--net=${namespace().path}`,
      '--',
      ...subjectCommand('queued-events', [], [String(EVENTS)]),
    ]);
    expect(figures.events).to.equal(EVENTS);
    expectBudget('callbacksPerTurn', figures.callbacks / figures.turns);
    expectBudget('eventsPerCallback', figures.events / figures.callbacks);
  });
});
