import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { NEVER, startWith } from 'rxjs';
import { rtLink, rtLinkSchema } from 'rxnetlink/families/rt-link';
import { errorReply, fakeFamilies, fakeFamily, netlinkTestScheduler, type NetlinkRunHelpers } from 'rxnetlink/testing';
import { ensureMtu } from '../../examples/testing/ensure-mtu.js';
import { linkUp } from '../../examples/testing/link-up.js';
import { whileUp } from '../../examples/testing/while-up.js';
import { spawnSync } from '../support/programs.js';

const run = (callback: (helpers: NetlinkRunHelpers) => void): void => {
  netlinkTestScheduler((actual, expected) => {
    expect(actual).to.deep.equal(expected);
  }).run(callback);
};

const UP = { ifiIndex: 2, ifname: 'eth0', ifiFlags: 0x11043, mtu: 1500 };
const DOWN = { ...UP, ifiFlags: 0x1002 };

describe('examples/testing', () => {
  describe('linkUp', () => {
    it('emits the current state, then the changes of that link only', () => {
      run(({ fakeKernel, hot, expectObservable }) => {
        const family = fakeFamily(rtLinkSchema, { do: { getlink: () => DOWN } });
        const kernel = fakeKernel(fakeFamilies(family));
        const values = { u: UP, d: DOWN, x: { ...UP, ifname: 'eth1' } };
        hot('      --x--u--u--d--', values).subscribe((link) => family.notify(kernel, 'newlink-ntf', link));
        const expected = 'f----t-----f--';
        expectObservable(linkUp(rtLink({ transport: kernel }), 'eth0')).toBe(expected, { t: true, f: false });
      });
    });

    it('treats missing and deleted links as down', () => {
      run(({ fakeKernel, hot, expectObservable }) => {
        const family = fakeFamily(rtLinkSchema, { do: { getlink: () => errorReply('ENODEV') } });
        const kernel = fakeKernel(fakeFamilies(family));
        hot('              ---u').subscribe(() => family.notify(kernel, 'newlink-ntf', UP));
        hot('              ------d').subscribe(() => family.notify(kernel, 'dellink-ntf', UP));
        const expected = ' f--t--f';
        expectObservable(linkUp(rtLink({ transport: kernel }), 'eth0')).toBe(expected, { t: true, f: false });
      });
    });

    it('reads the link again after events were lost', () => {
      run(({ fakeKernel, hot, expectObservable }) => {
        let link = UP;
        const kernel = fakeKernel(fakeFamilies(fakeFamily(rtLinkSchema, { do: { getlink: () => link } })));
        hot('             ---o').subscribe(() => {
          link = DOWN;
          kernel.overrun();
        });
        const expected = 't--f';
        expectObservable(linkUp(rtLink({ transport: kernel }), 'eth0')).toBe(expected, { t: true, f: false });
      });
    });
  });

  describe('whileUp', () => {
    const reconnect = (): number => {
      const began = performance.now();
      run(({ fakeKernel, hot, cold, expectObservable, expectSubscriptions }) => {
        const family = fakeFamily(rtLinkSchema, { do: { getlink: () => UP } });
        const kernel = fakeKernel(fakeFamilies(family));
        const flap = '        60s d 500ms u 500ms d 500ms u';
        const unsubscribe = ' 120s !';
        const expected = '    2s c 57999ms - 1502ms 2s c';
        hot(flap, { u: UP, d: DOWN }).subscribe((link) => family.notify(kernel, 'newlink-ntf', link));
        const connection = cold('c');
        const connected = whileUp(rtLink({ transport: kernel }), 'eth0', () => connection);
        expectObservable(connected, unsubscribe).toBe(expected);
        expectSubscriptions(connection.subscriptions).toBe(['2s ^ 57999ms !', '63503ms ^ 56496ms !']);
      });
      return performance.now() - began;
    };

    it('reconnects after a flapping link has settled: two minutes of virtual time in less than 50 ms', () => {
      // The first run compiles the family's codecs, once per process.
      const times = [reconnect(), reconnect(), reconnect()];
      expect(Math.min(...times)).to.be.below(50);
    });

    it('does not connect over a link that does not stay up', () => {
      run(({ fakeKernel, hot, expectObservable }) => {
        const family = fakeFamily(rtLinkSchema, { do: { getlink: () => DOWN } });
        const kernel = fakeKernel(fakeFamilies(family));
        const flapping = ' 1s u 1s d 1s u 1s d 1s u 1s d';
        hot(flapping, { u: UP, d: DOWN }).subscribe((link) => family.notify(kernel, 'newlink-ntf', link));
        const connected = whileUp(rtLink({ transport: kernel }), 'eth0', () => NEVER.pipe(startWith('connected')));
        expectObservable(connected, '60s !').toBe('-');
      });
    });
  });

  describe('ensureMtu', () => {
    const asked = (mtu: number): unknown[] => {
      let requests: unknown[] = [];
      run(({ fakeKernel, flush }) => {
        const family = fakeFamily(rtLinkSchema, { do: { getlink: () => UP, newlink: () => undefined } });
        const kernel = fakeKernel(fakeFamilies(family));
        ensureMtu(rtLink({ transport: kernel }), 'eth0', mtu).subscribe();
        flush();
        requests = family.requests(kernel).map(({ op, value }) => [op, (value as { mtu?: number }).mtu]);
      });
      return requests;
    };

    it('sets the MTU if the link has a different one', () => {
      expect(asked(9000)).to.deep.equal([
        ['getlink', undefined],
        ['newlink', 9000],
      ]);
    });
    it('sends no request if the MTU is equal', () => {
      expect(asked(1500)).to.deep.equal([['getlink', undefined]]);
    });
  });

  it('runs replay.ts, which prints the link events of a capture', () => {
    const root = resolve(import.meta.dirname, '../..');
    const capture = join(root, 'spec/testing/fixtures/link-flap.pcap');
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(root, 'examples/testing/replay.ts'), capture, '100'],
      { encoding: 'utf8' },
    );
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
    // The events of v0 that `ip monitor link` printed: created, up without and with a carrier, down, up again, down, deleted.
    const lines = stdout.split('\n').filter((line) => line.endsWith(' v0'));
    expect(lines.map((line) => line.split(' ')[0])).to.deep.equal(['down', 'up', 'up', 'down', 'up', 'up', 'down', 'gone']);
  });
});
