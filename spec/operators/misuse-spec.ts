import { expect } from 'chai';
import { errnoNumber } from '../../lib/errors/index.js';
import { rtLinkSchema } from '../../lib/families/generated/rt-link.js';
import { coalesce, flaps, liveCollection, rates, settle, toMap, watchTables } from '../../lib/live/index.js';
import { decodePayload, ofType, repliesTo, resyncOnOverrun, retryInterruptedDump, throwKernelErrors } from '../../lib/operators/index.js';

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
    [
      'liveCollection: an unknown option',
      () => liveCollection({ snapshot: some, changes: some, key: some, inteval: 5 } as never),
      TypeError,
      `liveCollection(): unknown option 'inteval'`,
    ],
    ['liveCollection: no options', () => liveCollection(undefined as never), TypeError, 'liveCollection(): options must be an object'],
    [
      'watchTables: no tables',
      () => watchTables(undefined as never),
      TypeError,
      `watchTables(): expected tables by name, e.g. { links: client.tableOf('getlink') }, not undefined`,
    ],
    ['watchTables: no table', () => watchTables({ links: undefined as never }), TypeError, 'watchTables(): links is not a table'],
    ['flaps: no options', () => flaps(undefined as never), TypeError, 'flaps(): options must be an object, not undefined'],
    [
      'flaps: an unknown option',
      () => flaps({ within: 5, key: some, property: 'carrier' } as never),
      TypeError,
      `flaps(): unknown option 'property'; there are within, key, times, of`,
    ],
    [
      'flaps: a list of properties',
      () => flaps({ within: 5, key: some, of: ['carrier'] } as never),
      TypeError,
      'flaps(): of must be the name of a property, not array',
    ],
    ['settle: an unknown option', () => settle({ for: 5, within: 5 } as never), TypeError, `settle(): unknown option 'within'`],
    ['coalesce: no options', () => coalesce(undefined as never), TypeError, 'coalesce(): options must be an object, not undefined'],
    [
      'coalesce: an unknown option',
      () => coalesce({ within: 5, key: some, times: 3 } as never),
      TypeError,
      `coalesce(): unknown option 'times'; there are within, key`,
    ],
    ['rates: no counters', () => rates(undefined as never), TypeError, 'rates(): counters must be a function, not undefined'],
    ['rates: a width', () => rates(some, { bits: 16 } as never), RangeError, 'rates(): bits is 16; expected 32 or 64'],
    ['rates: a name as key', () => rates(some, { key: 'name' } as never), TypeError, 'rates(): key must be a function, not string'],
    ['rates: an unknown option', () => rates(some, { by: some } as never), TypeError, `rates(): unknown option 'by'; there are bits, key`],
    [
      'decodePayload: no schema',
      () => decodePayload(undefined as never, 'getlink'),
      TypeError,
      'decodePayload(): schema must be the descriptor of a family, e.g. rtLinkSchema, not undefined',
    ],
    [
      'repliesTo: an unknown option',
      () => repliesTo({ sequence: 1 }, { portID: 5 } as never),
      TypeError,
      `repliesTo(): unknown option 'portID'`,
    ],
    [
      'repliesTo: a sequence number as text',
      () => repliesTo({ sequence: '1' } as never),
      TypeError,
      `repliesTo(): the request's sequence must be a number, not string`,
    ],
    [
      'resyncOnOverrun: no function',
      () => resyncOnOverrun(5 as never),
      TypeError,
      'resyncOnOverrun(): onOverrun must be a function, not number',
    ],
    [
      'retryInterruptedDump: a number',
      () => retryInterruptedDump(5 as never),
      TypeError,
      'retryInterruptedDump(): options must be an object, not number',
    ],
    [
      'throwKernelErrors: no message',
      () => throwKernelErrors({} as never),
      TypeError,
      'throwKernelErrors(): request must be a message as send() returned it, e.g. { type: 18 }, not object',
    ],
    ['errnoNumber: an unknown name', () => errnoNumber('EBOGUS' as never), TypeError, `errno name: 'EBOGUS' is unknown`],
    ['errnoNumber: a property of every object', () => errnoNumber('toString' as never), TypeError, `errno name: 'toString' is unknown`],
  ] as const) {
    it(`throws immediately: ${name}`, () => {
      expect(act).to.throw(kind, words);
    });
  }
});
