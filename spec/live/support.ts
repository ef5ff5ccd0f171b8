import { expect } from 'chai';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';

/** A spec in virtual time whose differences are readable. */
export function marbles(test: (helpers: RunHelpers) => void): () => void {
  return () => {
    new TestScheduler((actual, expected) => {
      expect(actual).to.deep.equal(expected);
    }).run(test);
  };
}
