import { hold } from './hold.js';
import { runSubject, subjectCommand } from './subject.js';

/** So large that nothing is collected while something is measured. */
const YOUNG_GENERATION = 128;

const ALLOCATIONS = ['rawMessage', 'typedRow', 'pickedRow', 'rawEvent', 'typedEvent', 'awaitedRequest'] as const;
const RATES = ['rawMessageRate', 'typedRowRate', 'pickedRowRate', 'rawEventRate', 'typedEventRate', 'awaitedRequestRate'] as const;

describe('what a message costs', function () {
  this.timeout(120_000);
  let figures: Readonly<Record<string, number>>;

  before(() => {
    const size = String(YOUNG_GENERATION);
    figures = runSubject(subjectCommand('streams', ['--expose-gc', `--min-semi-space-size=${size}`, `--max-semi-space-size=${size}`]));
  });

  for (const name of ALLOCATIONS) it(`in heap: ${name}`, () => hold(name, figures[name]));

  it('one more subscriber is one call, and no heap', () => {
    hold('callsPerSubscriber', figures['callsPerSubscriber']);
    hold('furtherSubscriber', figures['furtherSubscriber']);
  });

  for (const name of RATES) it(`in time: ${name}`, () => hold(name, figures[name]));
});
