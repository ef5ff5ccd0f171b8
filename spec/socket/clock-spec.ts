import { expect } from 'chai';
import sinon from 'sinon';
import { TimeoutError, netlink } from '../../lib/index.js';
import { fakeKernel } from '../../lib/testing/index.js';

/** The longest delay of a timer in Node; a longer one fires after 1 ms, with a TimeoutOverflowWarning. */
const LONGEST = 2 ** 31 - 1;

/* RxJS reads the time with Date.now() and waits with setInterval(). */
const FAKED = ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const;

/**
 * Runs a test with a fake clock, in one turn of the event loop.
 *
 * A hook would let the loop run in between: a timer of RxJS that an earlier spec left would fire, would be stopped with the fake
 * clearInterval(), and would keep the process alive.
 *
 * The sandbox restores spies of timers before the timers, and forgets them. The default sandbox would keep such a spy: the next
 * sinon.restore(), of any spec, would install the fake timer again, and every later timer of RxJS would never fire.
 */
function withClock(test: (clock: sinon.SinonFakeTimers, sandbox: sinon.SinonSandbox) => void): () => void {
  return () => {
    const sandbox = sinon.createSandbox();
    try {
      test(sandbox.useFakeTimers({ toFake: [...FAKED] }), sandbox);
    } finally {
      sandbox.restore();
    }
  };
}

describe('the time-out of a request, with a fake clock', () => {
  const open = () => netlink({ protocol: 0, transport: fakeKernel(() => []) });

  for (const timeout of [50, LONGEST, LONGEST + 1, 3 * LONGEST]) {
    it(
      `fails with a TimeoutError after ${timeout} ms, and not before`,
      withClock((clock) => {
        const onError = sinon.fake();
        using socket = open();
        socket.request({ type: 18 }, { timeout }).subscribe({ error: onError });
        clock.tick(timeout - 1);
        sinon.assert.notCalled(onError);
        clock.tick(1);
        sinon.assert.calledOnceWithMatch(onError, sinon.match.instanceOf(TimeoutError).and(sinon.match({ code: 'ETIMEDOUT' })));
      }),
    );
  }

  it(
    'starts no timer if it is Infinity',
    withClock((clock) => {
      const onError = sinon.fake();
      using socket = open();
      socket.request({ type: 18 }, { timeout: Infinity }).subscribe({ error: onError });
      socket.transact([{ type: 16 }, { type: 2560 }, { type: 17 }], { timeout: Infinity }).subscribe({ error: onError });
      expect(clock.countTimers()).to.equal(0);
    }),
  );

  it(
    'starts no timer with a delay that Node cannot have',
    withClock((clock, sandbox) => {
      const setInterval = sandbox.spy(globalThis, 'setInterval');
      using socket = open();
      socket.request({ type: 18 }, { timeout: 3 * LONGEST }).subscribe({ error: () => undefined });
      clock.tick(2 * LONGEST);
      expect(setInterval.args.map(([, delay]) => delay)).to.deep.equal([LONGEST, LONGEST, LONGEST].slice(0, setInterval.callCount));
      expect(setInterval.callCount).to.be.at.least(1);
    }),
  );

  it(
    'stops its timer when the request is unsubscribed',
    withClock((clock) => {
      using socket = open();
      const subscription = socket.request({ type: 18 }, { timeout: 50 }).subscribe();
      expect(clock.countTimers()).to.equal(1);
      subscription.unsubscribe();
      // The socket closes in the next turn of the event loop.
      clock.tick(1);
      expect(clock.countTimers()).to.equal(0);
    }),
  );
});
