import { expect } from 'chai';
import { firstValueFrom, type Observable } from 'rxjs';
import { isNetworkError, network } from '../../../lib/network/index.js';
import { fakeNetwork } from '../../../lib/testing/index.js';

describe('a filter with a value that its property cannot have', () => {
  const net = network(fakeNetwork().options);
  after(() => net.close());

  for (const [title, verb, message] of [
    ['addresses', () => net.addresses.list({ family: 'IPv4' as never }), "family: expected 4 or 6, not 'IPv4'"],
    ['neighbours', () => net.neighbours.watch({ family: 'inet' as never }), "family: expected 4 or 6, not 'inet'"],
    ['routes', () => net.routes.list({ family: 10 as never }), 'family: expected 4 or 6, not 10'],
    ['sockets', () => net.sockets.list({ family: 5 as never }), 'family: expected 4 or 6, not 5'],
    ['sockets', () => net.sockets.list({ state: 40 }), 'state: expected an integer from 1 to 13'],
    ['links', () => net.links.list({ state: 'UP' as never }), "state: expected 'up', 'down', 'lower-layer-down'"],
    ['links', () => net.links.watch({ kind: 'brigde' }), "kind: no kind is named 'brigde'; did you mean bridge?"],
    [
      'links',
      () => net.links.list({ permanentMac: 'zz' }),
      "permanentMac: expected a link layer address such as '02:00:00:00:00:01', not 'zz'",
    ],
    ['qdiscs', () => net.qdiscs.list({ kind: 'htbb' }), "kind: no kind is named 'htbb'; did you mean htb?"],
    ['filters', () => net.filters.list({ kind: 'flowr' }), "kind: no kind is named 'flowr'; did you mean flow?"],
    ['links', () => net.links.list({ carrier: 'yes' as never }), "carrier: expected true or false, not 'yes'"],
    ['links', () => net.view({ links: { index: 'eth0' as never } }), "index: expected an integer from 0 to 4294967295, not 'eth0'"],
  ] as readonly (readonly [string, () => Observable<unknown>, string])[]) {
    it(`is an error for ${title}: ${message}`, async () => {
      const error: unknown = await firstValueFrom(verb()).catch((reason: unknown) => reason);
      if (!isNetworkError(error, 'invalid')) throw error;
      expect(error.message).to.include(message);
    });
  }
});
