import { expect } from 'chai';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';

/** Runs a spec in virtual time with readable differences. */
export function marbles(test: (helpers: RunHelpers) => void): () => void {
  return () => {
    new TestScheduler((actual, expected) => {
      expect(actual).to.deep.equal(expected);
    }).run(test);
  };
}
