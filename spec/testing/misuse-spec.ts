import { expect } from 'chai';
import { fakeKernel, fakeNetwork, multipart, netlinkTestScheduler } from '../../lib/testing/index.js';

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
    [
      'a network whose links are not a list',
      () => fakeNetwork({ links: 'eth0' as never }),
      TypeError,
      "fakeNetwork: links must be an array of names, e.g. ['eth0'], not string",
    ],
    [
      'a network with an object as link',
      () => fakeNetwork({ links: [{ name: 'eth0' } as never] }),
      TypeError,
      "fakeNetwork: links[0] must be a name, e.g. 'eth0', not object",
    ],
    [
      'a network with a link twice',
      () => fakeNetwork({ links: ['eth0', 'eth0'] }),
      RangeError,
      "fakeNetwork: links[1]: 'eth0' is there twice; expected different names",
    ],
    [
      'a network with a second loopback',
      () => fakeNetwork({ links: ['lo'] }),
      RangeError,
      "fakeNetwork: links: the link 'lo' exists already (EEXIST); expected another name",
    ],
    [
      'a network whose namespaces are not a list',
      () => fakeNetwork({ namespaces: 'blue' as never }),
      TypeError,
      "fakeNetwork: namespaces must be an array of names, e.g. ['blue'], not string",
    ],
    [
      'a link that exists',
      () => fakeNetwork().addLink('eth0'),
      RangeError,
      "addLink: the link 'eth0' exists already (EEXIST); expected another name",
    ],
    [
      'a link with a long name',
      () => fakeNetwork().addLink('a-name-of-22-characters'),
      RangeError,
      "addLink: 'a-name-of-22-characters' is not a valid name of a link (EINVAL); expected 1 to 15 bytes without space, slash or colon",
    ],
    ['a link without a name', () => fakeNetwork().addLink(5 as never), TypeError, 'addLink: expected the name of a link, not number'],
    [
      'a scheduler without a comparison',
      () => netlinkTestScheduler(undefined as never),
      TypeError,
      'netlinkTestScheduler: assertEqual must be a function, not undefined',
    ],
    [
      'an expectation without toBe()',
      () => {
        netlinkTestScheduler(() => undefined).run(({ cold, expectObservable }) => void expectObservable(cold('a|')));
      },
      TypeError,
      'netlinkTestScheduler: expectObservable() without toBe() compares nothing; write expectObservable(...).toBe(marbles)',
    ],
    [
      'expected subscriptions without toBe()',
      () => {
        netlinkTestScheduler(() => undefined).run(({ cold, expectSubscriptions }) => void expectSubscriptions(cold('a|').subscriptions));
      },
      TypeError,
      'netlinkTestScheduler: expectSubscriptions() without toBe() compares nothing',
    ],
  ] as const) {
    it(`throws for ${name}`, () => {
      expect(act).to.throw(kind, words);
    });
  }
});
