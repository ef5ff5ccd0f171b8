import { expect } from 'chai';
import type { FamilySchema } from '../../../lib/schema/index.js';
import type { FamilyComparer } from '../comparer.js';
import { compareYnl } from './ynl.js';

type Shown = Readonly<Record<string, unknown>>;

/** The output of a program of `spec/fixtures/capture/programs`: what the kernel sent, read by the numbers of the headers. */
interface Talk {
  /** The replies to each request that has any. */
  readonly replies: readonly (readonly [op: string, rows: readonly Shown[]])[];
  readonly events: readonly (readonly [op: string, row: Shown])[];
}

/** Returns the comparer of a family whose fixtures are recorded from such a program: all properties must be equal, and no other may exist. */
export function programComparer(schema: FamilySchema): FamilyComparer {
  const compare = (op: string, shown: readonly Shown[], rows: readonly object[]): void => {
    compareYnl(schema, op, shown, rows as readonly Shown[]);
    const keys = (list: readonly object[]): number[] => list.map((row) => Object.keys(row).length);
    expect(keys(rows), `number of properties of ${op}`).to.deep.equal(keys(shown));
  };
  return {
    schema,
    compare({ shown, answers, events, eventNames }) {
      const talk = shown as Talk;
      expect(answers.flatMap(({ error }) => (error === undefined ? [] : [error]))).to.deep.equal([]);
      const replies = answers.filter(({ rows }) => rows.length > 0);
      expect(replies.map(({ op }) => op)).to.deep.equal(talk.replies.map(([op]) => op));
      replies.forEach(({ op, rows }, index) => {
        compare(op, talk.replies[index]![1], rows);
      });
      expect(eventNames).to.deep.equal(talk.events.map(([op]) => op));
      events.forEach((value, index) => {
        compare(eventNames[index]!, [talk.events[index]![1]], [value]);
      });
    },
  };
}
