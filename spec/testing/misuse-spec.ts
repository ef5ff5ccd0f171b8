import { expect } from 'chai';
import { fakeKernel, multipart } from '../../lib/testing/index.js';

/* A test that gets its kernel wrong is to fail there, and not to pass because nothing happened. */
describe('misuse of a fake kernel', () => {
  for (const [name, act, kind, words] of [
    [
      'a handler that is not a function',
      () => fakeKernel(5 as never),
      TypeError,
      'fakeKernel: handler must be a function or an array of expectations',
    ],
    ['no handler but options', () => fakeKernel({ firstPortId: 7 } as never), TypeError, 'fakeKernel: handler must be'],
    ['an unknown option', () => fakeKernel(undefined, { portId: 7 } as never), TypeError, `fakeKernel: unknown option 'portId'`],
    ['group 0', () => fakeKernel().notify(0, { type: 16 }), RangeError, 'notify: group must be an integer from 1 to 4294967295, not 0'],
    ['a group by name', () => fakeKernel().notify('link' as never, { type: 16 }), TypeError, 'notify: group must be a number, not string'],
    ['a delay below 0', () => fakeKernel().delay(-1), RangeError, 'delay: milliseconds must be a non-negative number, not -1'],
    [
      'a delay that is not a number',
      () => fakeKernel().delay('5' as never),
      RangeError,
      'delay: milliseconds must be a non-negative number, not 5',
    ],
    ['an unknown error number', () => fakeKernel().failOpen('EBOGUS' as never), TypeError, `errno name: 'EBOGUS' is unknown`],
    ['a cut below 0', () => fakeKernel().truncate({ kept: -1 }), RangeError, 'truncate: kept must be an integer from 0'],
    ['fewer than no losses', () => fakeKernel().overrun({ dropped: -1 }), RangeError, 'overrun: dropped must be an integer from 0'],
    [
      'one row that is not in a list',
      () => multipart({ type: 16 } as never),
      TypeError,
      'multipart: messages must be an array, not object',
    ],
  ] as const) {
    it(`throws for ${name}`, () => {
      expect(act).to.throw(kind, words);
    });
  }
});
