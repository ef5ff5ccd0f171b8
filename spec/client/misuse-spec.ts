import { expect } from 'chai';
import { lastValueFrom, type Observable } from 'rxjs';
import { ethtool } from '../../lib/families/ethtool.js';
import { rtLink } from '../../lib/families/rt-link.js';
import { Protocol, netlink } from '../../lib/index.js';
import { fakeKernel } from '../../lib/testing/index.js';

const EXPECTED = "expected a socket, such as another client's .socket, or options, such as { netns: 'blue' }";

describe('misuse of a family', () => {
  for (const [name, socket, words] of [
    ['a number', 5, `rt-link: cannot use number; ${EXPECTED}`],
    ['null', null, `rt-link: cannot use null; ${EXPECTED}`],
    ['another client', rtLink({ transport: fakeKernel() }), `rt-link: cannot use a client; ${EXPECTED}`],
    ['a string', 'blue', `rt-link: cannot use string; ${EXPECTED}`],
    ['an option that means netns', { namespace: 'blue' }, '; did you mean netns?'],
    ['options of another protocol', { protocol: Protocol.Generic }, 'rt-link: option protocol is 16; expected 0'],
    ['a socket of another protocol', netlink(Protocol.Generic), 'rt-link: the socket has protocol 16; expected 0'],
  ] as const) {
    it(`throws for ${name} as its socket`, () => {
      expect(() => rtLink(socket as never)).to.throw(TypeError, words);
    });
  }

  it('accepts options that name its own protocol', () => {
    expect(rtLink({ protocol: Protocol.Route } as never).socket.protocol).to.equal(0);
  });

  const link = rtLink({ transport: fakeKernel() });
  for (const [words, kind, act] of [
    ['rt-link: notifications() got no group; expected one of rtnlgrp-link, rtnlgrp-stats', TypeError, () => link.notifications()],
    ['got no group', TypeError, () => link.notifications({ pick: ['ifname'] } as never)],
    ['got no group', TypeError, () => ethtool({ transport: fakeKernel() }).notifications()],
    ['list: option retries must be an integer from 0 to', RangeError, () => link.list('getlink', {}, { retries: -1 })],
    ['list: option retries must be a number, not string', TypeError, () => link.list('getlink', {}, { retries: '3' as never })],
    [
      `list: unknown option 'retrys'; there are timeout, signal, pick, retries`,
      TypeError,
      () => link.list('getlink', {}, { retrys: 1 } as never),
    ],
    [`dump: unknown option 'retries'; there are timeout, signal, pick`, TypeError, () => link.dump('getlink', {}, { retries: 1 } as never)],
    [`list: unknown option 'retrys'`, TypeError, () => link.listSync('getlink', {}, { retrys: 1 } as never)],
    [`do: unknown option 'creat'; there are create, exclusive, `, TypeError, () => link.do('newlink', {}, { creat: true } as never)],
    [`do: option create must be true or false, not string`, TypeError, () => link.do('newlink', {}, { create: 'yes' as never })],
    ['request: option ack must be true or false, not number', TypeError, () => link.do('newlink', {}, { ack: 0 as never })],
    ["rt-link has no operation 'undefined'", TypeError, () => rtLink({ transport: fakeKernel() }).do(undefined as never)],
    ['do: options must be an object, not null', TypeError, () => link.do('getlink', {}, null as never)],
    ['list: options must be an object, not null', TypeError, () => link.list('getlink', {}, null as never)],
    ['timeout must be a non-negative number of milliseconds', RangeError, () => link.do('getlink', {}, { timeout: -1 })],
    ['timeout must be a non-negative number of milliseconds', RangeError, () => link.dump('getlink', {}, { timeout: -1 })],
    ['timeout must be a non-negative number of milliseconds', RangeError, () => link.listSync('getlink', {}, { timeout: -1 })],
    ['timeout must be a non-negative number of milliseconds', RangeError, () => link.doSync('getlink', {}, { timeout: -1 })],
    ['transaction: operations must be an array, not object', TypeError, () => link.transaction({ op: 'newlink' } as never)],
    ['batch: operations must be iterable, not undefined', TypeError, () => link.batch(undefined as never)],
  ] as const) {
    it(`throws at once: ${act.toString().slice(6)}`, () => {
      expect(act).to.throw(kind, words);
    });
  }

  it('causes EncodeError when the request is not an object', async () => {
    const outcome = (stream: Observable<unknown>): Promise<unknown> => lastValueFrom(stream).catch(String);
    expect(await outcome(link.do('getlink', null as never))).to.equal('EncodeError: EENCODE getlink: null is not an object');
    expect(await outcome(link.list('getlink', null as never))).to.equal('EncodeError: EENCODE getlink: null is not an object');
  });
});
