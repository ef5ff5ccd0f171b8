import type { Observable } from 'rxjs';
import { FieldError } from './field-error.js';

/** Consecutive elements of the input of a verb. @internal */
export interface InputPart<Given> {
  readonly elements: readonly Given[];
  /**
   * Runs all elements at once; emits for each if it was written, once. An element whose result is undefined is run alone then, so that
   * its error is that of the single verb.
   */
  readonly together?: () => Observable<readonly (boolean | undefined)[]>;
}

/** Returns a part for each element, as the input yields them. @internal */
export function* singly<Given>(input: Iterable<Given>): Generator<InputPart<Given>, void, undefined> {
  for (const given of input) yield { elements: [given] };
}

/** Returns a function to call before each reading. It throws if the input, such as a generator, can be read once only, and was. @internal */
export function onceOnly(input: Iterable<unknown>): () => void {
  const isOneShot = (input as Iterable<unknown> & Partial<Iterator<unknown>>)[Symbol.iterator]() === (input as unknown);
  let isUsed = false;
  return () => {
    if (isOneShot && isUsed)
      throw new FieldError('', 'the iterator was read by an earlier subscription; give an array, or an object that creates iterators');
    isUsed = true;
  };
}
