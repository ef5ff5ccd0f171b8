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
    ['links', () => net.links.watch({ kind: 'brigde' }), "kind: 'brigde' is not known; did you mean bridge?"],
    [
      'links',
      () => net.links.list({ permanentMac: 'zz' }),
      "permanentMac: expected a link layer address such as '02:00:00:00:00:01', not 'zz'",
    ],
    ['qdiscs', () => net.qdiscs.list({ kind: 'htbb' }), "kind: 'htbb' is not known; did you mean htb?"],
    ['filters', () => net.filters.list({ kind: 'flowr' }), "kind: 'flowr' is not known; did you mean flower?"],
    ['qdiscs', () => net.qdiscs.list({ kind: 'flower' }), "kind: 'flower' is a kind of filter, not of qdisc"],
    ['classes', () => net.classes.list({ kind: 'u32' }), "kind: 'u32' is a kind of filter, not of class"],
    ['filters', () => net.filters.list({ kind: 'htb' }), "kind: 'htb' is a kind of qdisc, not of filter"],
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

describe('a filter with a kind that only other kernels have', () => {
  const fake = fakeNetwork();
  const net = network(fake.options);
  after(() => net.close());

  // Linux 6.3 removed cbq, dsmark, atm, tcindex and rsvp; the numbers of teql are those of its links; qdiscs of BPF choose their names.
  for (const kind of ['cbq', 'dsmark', 'atm', 'cake_mq', 'dualpi2', 'blackhole', 'teql0', 'teql1', 'bpf_fq', 'bpf_fifo', 'unlike_any'])
    it(`is accepted for qdiscs: ${kind}`, async () => {
      expect(await firstValueFrom(net.qdiscs.list({ kind }))).to.deep.equal([]);
    });

  for (const kind of ['cbq', 'dsmark', 'atm', 'cake_mq'])
    it(`is accepted for classes: ${kind}`, async () => {
      expect(await firstValueFrom(net.classes.list({ kind }))).to.deep.equal([]);
    });

  for (const kind of ['tcindex', 'rsvp', 'rsvp6', 'bpf', 'basic', 'route', 'unlike_any'])
    it(`is accepted for filters: ${kind}`, async () => {
      expect(await firstValueFrom(net.filters.list({ kind }))).to.deep.equal([]);
    });
});
