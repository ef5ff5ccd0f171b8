import { expect } from 'chai';
import { asyncScheduler, map, tap, type Observable } from 'rxjs';
import type { NetworkDocument, ReconcileEvent, ReconcileOptions } from '../../../lib/network/index.js';
import { network, type Network } from '../../../lib/network/network.js';
import { fakeNetwork, netlinkTestScheduler, type FakeNetwork, type NetlinkRunHelpers } from '../../../lib/testing/index.js';

const ADDRESS = { link: 'eth0', address: '10.1.0.1/24' } as const;
const DOCUMENT: NetworkDocument = { version: 1, links: [{ name: 'eth0', addresses: [ADDRESS.address] }] };
const OTHER: NetworkDocument = { version: 1, links: [{ name: 'eth0', addresses: ['10.2.0.1/24'] }] };

/** The letters of the events in marbles. */
const LETTERS = { drift: 'd', repaired: 'r', 'in-sync': 's', failed: 'f', fighting: 'x' } as const;

/** A network with a program beside `network()`. */
interface Laboratory extends NetlinkRunHelpers {
  readonly kernel: FakeNetwork;
  readonly net: Network;
  /** Has another program delete the address at each letter. */
  deletions(marbles: string): void;
  /** Expects the events of `reconcile`, by their letters. */
  expectEvents(documents: NetworkDocument | Observable<NetworkDocument>, options: ReconcileOptions, end: string, marbles: string): void;
}

function run(test: (laboratory: Laboratory) => void): void {
  netlinkTestScheduler((actual, expected) => expect(actual).to.deep.equal(expected)).run((helpers) => {
    const kernel = fakeNetwork();
    const net = network(kernel.options);
    const other = network(kernel.options);
    test({
      ...helpers,
      kernel,
      net,
      deletions: (marbles) => helpers.hot(marbles).subscribe(() => other.addresses.ensureAbsent(ADDRESS).subscribe()),
      expectEvents: (documents, options, end, marbles) => {
        const letters = net.reconcile(documents, options).pipe(map(({ type }) => LETTERS[type]));
        helpers.expectObservable(letters, end).toBe(marbles);
      },
    });
    helpers.flush();
  });
}

describe('network().reconcile, in virtual time', () => {
  it('compares 50 ms after the last change, and leaves all at the end', () =>
    run(({ expectEvents, deletions, net }) => {
      deletions('               100ms a 199ms a 9s  a');
      const expected = '(drs) 145ms (drs) 195ms (drs)';
      expectEvents(DOCUMENT, {}, '5s !', expected);
      asyncScheduler.schedule(() => {
        net.addresses.list().subscribe((all) => expect(all.map(({ address }) => address)).to.not.include(ADDRESS.address));
      }, 10_000);
    }));

  it('waits for a quiet time of its own', () =>
    run(({ expectEvents, deletions }) => {
      deletions('100ms a');
      expectEvents(DOCUMENT, { quiet: '2s', maxWait: '9s' }, '5s !', '(drs) 2095ms (drs)');
    }));

  it('compares a second after the first change, if changes do not end', () =>
    run(({ expectEvents, hot, kernel }) => {
      const other = network(kernel.options);
      // The group of a link changes 40 times, each within 50 ms of the other.
      hot(`100ms a ${'39ms a '.repeat(39)}`).subscribe(() => other.addresses.ensureAbsent(ADDRESS).subscribe());
      let isUp = true;
      hot(`110ms a ${'39ms a '.repeat(39)}`).subscribe(() => other.links.change('lo', { up: (isUp = !isUp) }).subscribe());
      expectEvents(DOCUMENT, {}, '1700ms !', '(drs) 1095ms (drs)');
    }));

  it('repeats what fails after a second, two, four, and begins again after a success', () =>
    run(({ kernel, net, expectObservable, hot }) => {
      kernel.deny('addresses');
      hot('4s a').subscribe(() => kernel.deny());
      const retries = (event: ReconcileEvent): string => (event.type === 'failed' ? `f${event.retryIn}` : event.type);
      const events = net.reconcile(DOCUMENT).pipe(map(retries));
      const values = { a: 'drift', b: 'f1000', c: 'f2000', d: 'f4000', r: 'repaired', s: 'in-sync' };
      expectObservable(events, '9s !').toBe('(ab) 996ms (ac) 1996ms (ad) 3996ms (ars)', values);
    }));

  it('repairs an object later and later when another program deletes it each time', () =>
    run(({ kernel, net, expectObservable }) => {
      const other = network(kernel.options);
      const fought = net.reconcile(DOCUMENT).pipe(
        tap(({ type }) => {
          if (type === 'repaired') asyncScheduler.schedule(() => void other.addresses.ensureAbsent(ADDRESS).subscribe(), 10);
        }),
        map(({ type }) => LETTERS[type]),
      );
      // Each repair is 60 ms after the one before: 10 ms and the quiet time. The sixth begins a fight: 50 ms are in it, 100 and more are not.
      const peace = '(drs) 55ms '.repeat(5);
      expectObservable(fought, '2s !').toBe(`${peace}(drx) 55ms (dr) 96ms (dr) 196ms (dr) 396ms (dr) 796ms (dr)`);
    }));

  it('follows the last document, and ends with the error of the documents', () =>
    run(({ expectEvents, cold }) => {
      const documents = cold('a 99ms b 99ms #', { a: DOCUMENT, b: OTHER });
      expectEvents(documents, {}, '5s !', '(drs) 95ms (drs) 95ms #');
    }));

  it('goes on when the documents end', () =>
    run(({ expectEvents, deletions, cold }) => {
      deletions('              500ms a');
      expectEvents(cold('a 99ms |', { a: DOCUMENT }), {}, '5s !', '(drs) 545ms (drs)');
    }));

  it('compares when events were lost', () =>
    run(({ kernel, net, hot }) => {
      const times: number[] = [];
      const subscription = net.reconcile(DOCUMENT).subscribe();
      hot('1s o').subscribe(() => {
        const before = kernel.requests.length;
        kernel.overrun();
        const poll = asyncScheduler.schedule(function () {
          if (kernel.requests.length > before && times.length === 0) times.push(asyncScheduler.now());
          this.schedule(undefined, 1);
        }, 1);
        asyncScheduler.schedule(() => {
          poll.unsubscribe();
          subscription.unsubscribe();
          expect(times[0]).to.be.within(1050, 1052);
        }, 1000);
      });
    }));
});
