import { expectBudget } from './expect-budget.js';
import { runSubject, subjectCommand } from './subject.js';

/** Large enough to prevent garbage collection during a measurement. */
const YOUNG_GENERATION = 128;

const ALLOCATIONS = ['rawMessage', 'typedRow', 'pickedRow', 'rawEvent', 'typedEvent', 'awaitedRequest'] as const;
const RATES = ['rawMessageRate', 'typedRowRate', 'pickedRowRate', 'rawEventRate', 'typedEventRate', 'awaitedRequestRate'] as const;

describe('the cost of a message', function () {
  this.timeout(120_000);
  let figures: Readonly<Record<string, number>>;

  before(() => {
    const size = String(YOUNG_GENERATION);
    figures = runSubject(subjectCommand('streams', ['--expose-gc', `--min-semi-space-size=${size}`, `--max-semi-space-size=${size}`]));
  });

  for (const name of ALLOCATIONS) it(`is within its heap budget: ${name}`, () => expectBudget(name, figures[name]));

  it('is one call and no heap for a further subscriber', () => {
    expectBudget('callsPerSubscriber', figures['callsPerSubscriber']);
    expectBudget('furtherSubscriber', figures['furtherSubscriber']);
  });

  for (const name of RATES) it(`is within its time budget: ${name}`, () => expectBudget(name, figures[name]));
});
