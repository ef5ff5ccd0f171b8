import { expect } from 'chai';
import { errnoNumber } from '../../lib/errors/index.js';
import { rtLinkSchema } from '../../lib/families/generated/rt-link.js';
import { flaps, liveCollection, settle, toMap } from '../../lib/live/index.js';
import { decodePayload, ofType, repliesTo } from '../../lib/operators/index.js';

const some = (): never => {
  throw new Error('must not be called');
};

describe('misuse of an operator or of an error name', () => {
  for (const [name, act, kind, words] of [
    [
      'ofType: a name instead of a number',
      () => ofType('newlink' as never),
      TypeError,
      'ofType(): newlink is not a message type; expected an integer',
    ],
    ['repliesTo: no request', () => repliesTo(undefined as never), TypeError, 'repliesTo(): the request has no sequence number'],
    [
      'decodePayload: no operation',
      () => decodePayload(rtLinkSchema, undefined as never),
      TypeError,
      `rt-link has no operation 'undefined'`,
    ],
    ['toMap: no key', () => toMap(undefined as never), TypeError, 'toMap(): key must be a function, not undefined'],
    ['flaps: no key', () => flaps({ within: 5 } as never), TypeError, 'flaps(): key must be a function, not undefined'],
    [
      'flaps: no time',
      () => flaps({ key: some } as never),
      RangeError,
      'flaps(): within is undefined; expected a non-negative number of milliseconds',
    ],
    [
      'flaps: no times',
      () => flaps({ within: 5, key: some, times: 0 }),
      RangeError,
      'flaps(): times is 0; expected a whole number of at least 1',
    ],
    [
      'settle: no time',
      () => settle({} as never),
      RangeError,
      'settle(): for is undefined; expected a non-negative number of milliseconds',
    ],
    [
      'settle: a negative time',
      () => settle({ for: -1 }),
      RangeError,
      'settle(): for is -1; expected a non-negative number of milliseconds',
    ],
    [
      'liveCollection: nothing',
      () => liveCollection({} as never),
      TypeError,
      'liveCollection(): snapshot must be a function, not undefined',
    ],
    [
      'liveCollection: no key',
      () => liveCollection({ snapshot: some, changes: some } as never),
      TypeError,
      'liveCollection(): key must be a function, not undefined',
    ],
    ['errnoNumber: an unknown name', () => errnoNumber('EBOGUS' as never), TypeError, `errno name: 'EBOGUS' is unknown`],
    ['errnoNumber: a property of every object', () => errnoNumber('toString' as never), TypeError, `errno name: 'toString' is unknown`],
  ] as const) {
    it(`throws immediately: ${name}`, () => {
      expect(act).to.throw(kind, words);
    });
  }
});
