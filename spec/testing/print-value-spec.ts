import { expect } from 'chai';
import fc from 'fast-check';
import { printValue } from '../../lib/testing/index.js';

describe('printValue', () => {
  class Row {
    readonly id = 1;
  }
  const one = (): void => undefined;
  const other = (): void => undefined;
  const loop: { self?: unknown } = {};
  loop.self = loop;
  const unlike: [string, unknown, unknown][] = [
    ['a number and a bigint', 1, 1n],
    ['a number and its text', 1, '1'],
    ['zeros of two signs', 0, -0],
    ['what is absent and what is undefined', {}, { a: undefined }],
    ['null and undefined', null, undefined],
    ['bytes and a list', Uint8Array.of(1), [1]],
    ['bytes and words', Uint8Array.of(1, 0, 0, 0), Uint32Array.of(1)],
    ['an object of a class and a plain one', new Row(), { id: 1 }],
    ['two functions', one, other],
    ['two symbols', { [Symbol('a')]: 1 }, { [Symbol('b')]: 1 }],
    ['texts with quotes', ["a', 'b"], ['a', 'b']],
    ['maps', new Map([[1, 2]]), new Map([[1, 3]])],
    ['sets', new Set([1]), new Set([2])],
    ['dates', new Date(1), new Date(2)],
    ['errors of two texts', new Error('a'), new Error('b')],
    ['errors of two classes', new TypeError('a'), new RangeError('a')],
  ];
  for (const [name, left, right] of unlike) {
    it(`distinguishes ${name}`, () => {
      expect(printValue(left)).to.not.equal(printValue(right));
      expect(printValue(left)).to.equal(printValue(left));
    });
  }

  it('ignores the order of keys, and prints circular values', () => {
    expect(printValue({ b: 1, a: 2 })).to.equal(printValue({ a: 2, b: 1 }));
    expect(printValue(loop)).to.equal('{ self: <circular> }');
  });

  it('prints two values alike only if they are equal', () => {
    const value = fc.anything({ withBigInt: true, maxDepth: 2, withTypedArray: true });
    fc.assert(
      fc.property(value, value, (left, right) => {
        if (printValue(left) === printValue(right)) expect(left).to.deep.equal(right);
      }),
      { numRuns: 300 },
    );
  });
});
