import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { Exchange, Trust } from '../../lib/exchange/index.js';
import { ack } from '../support/messages.js';
import { DO, PORT } from '../exchange/support.js';

const REQUESTS = 1000;
const ROUNDS = 8;
/** The numbers of the context of a request: 1 kB. */
const NUMBERS = 128;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void;

/** Runs as many requests at once. */
function runRequests(exchange: Exchange<readonly number[]>): void {
  const requests = Array.from({ length: REQUESTS }, () =>
    exchange.submit(
      DO,
      { operation: 'newlink' },
      Array.from({ length: NUMBERS }, () => 0.5),
    ),
  );
  while (exchange.next() !== undefined);
  for (const request of requests) exchange.advance(exchange.match(ack(request), Trust.Reply)!, ack(request));
  expect(exchange.isIdle).to.equal(true);
}

describe('requests that have ended', () => {
  it('are freed by a collection of young objects, although the tables of earlier ones are old', () => {
    const exchange = new Exchange<readonly number[]>({ protocol: 0, portId: PORT, window: Infinity });
    for (let round = 0; round < 3; round++) runRequests(exchange);
    collectGarbage();
    collectGarbage();
    const heaps = Array.from({ length: ROUNDS }, () => {
      runRequests(exchange);
      collectGarbage({ type: 'minor' });
      return process.memoryUsage().heapUsed;
    });
    // V8 may keep the requests of one round. A request that is kept in each of them leaves more than 1 kB.
    expect((heaps.at(-1)! - heaps[0]!) / (ROUNDS - 1) / REQUESTS, 'bytes of the heap that each request leaves').to.be.below(600);
  });
});
