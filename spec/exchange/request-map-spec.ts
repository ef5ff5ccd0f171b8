import { expect } from 'chai';
import fc from 'fast-check';
import { PendingRequest } from '../../lib/exchange/pending-request.js';
import { RequestMap } from '../../lib/exchange/request-map.js';
import { requestTraits } from '../../lib/exchange/request-traits.js';
import { check } from '../support/fuzz.js';

type Operation = readonly [verb: 'add' | 'delete' | 'clear', sequence: number];

/** Few numbers, so that they repeat, and the map passes from one request to several and back. */
const operation: fc.Arbitrary<Operation> = fc.tuple(
  fc.constantFrom('add', 'add', 'add', 'delete', 'delete', 'clear'),
  fc.integer({ min: 1, max: 4 }),
);

function requestOf(sequence: number): PendingRequest<string> {
  const init = { type: 18 };
  const request = new PendingRequest(init, requestTraits(0, init, { operation: 'getlink' }), 'context');
  request.sequence = sequence;
  return request;
}

describe('RequestMap', () => {
  it('holds the same requests in the same order as a Map', () => {
    check(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        const map = new RequestMap<string>();
        const model = new Map<number, PendingRequest<string>>();
        for (const [verb, sequence] of operations) {
          if (verb === 'add') {
            const request = requestOf(sequence);
            map.add(request);
            model.set(sequence, request);
          } else if (verb === 'delete') {
            map.delete(sequence);
            model.delete(sequence);
          } else {
            map.clear();
            model.clear();
          }
          expect([...map.values()]).to.have.ordered.members([...model.values()]);
          expect(map.size).to.equal(model.size);
          for (let number = 0; number <= 5; number++) {
            expect(map.get(number)).to.equal(model.get(number));
            expect(map.has(number)).to.equal(model.has(number));
          }
        }
      }),
    );
  });
});
