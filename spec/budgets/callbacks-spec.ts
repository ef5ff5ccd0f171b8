import { expect } from 'chai';
import { useNamespace } from '../support/namespace.js';
import { hold } from './hold.js';
import { runSubject, subjectCommand } from './subject.js';

const EVENTS = 4000;

describe('events that wait in the queue', function () {
  this.timeout(60_000);
  const namespace = useNamespace();

  it('come in few callbacks, one a turn of the loop', () => {
    const figures = runSubject<{ events: number; callbacks: number; turns: number }>([
      'nsenter',
      `--net=${namespace().path}`,
      '--',
      ...subjectCommand('storm', [], [String(EVENTS)]),
    ]);
    expect(figures.events).to.equal(EVENTS);
    hold('callbacksPerTurn', figures.callbacks / figures.turns);
    hold('eventsPerCallback', figures.events / figures.callbacks);
  });
});
