import { closeSync, openSync } from 'node:fs';
import { expect } from 'chai';
import type { Netns } from '../../../../lib/network/common/netns.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { namespaces } from '../../../../lib/network/namespaces/namespaces.js';
import { useNamespace } from '../../../support/namespace.js';
import { failure } from '../support.js';

const NAME = `rxnl-absent-${process.pid}`;
const NO_NAME = `network namespace /run/netns/${NAME}: no namespace has that name; see \`ip netns list\` (ENOENT)`;
/** Greater than PID_MAX_LIMIT. */
const PROCESS = { pid: 9_999_999 };

describe('network().links and a target that is not a network namespace', () => {
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
    namespace().batch(['link add d0 type ifb']);
  });
  after(() => net.close());

  const verbs = (netns: Netns) =>
    [
      ['move', 'netns', net.links.move('d0', { netns })],
      ['add', 'netns', net.links.add({ name: 'd1', kind: 'ifb', netns })],
      ['ensure', 'netns', net.links.ensure({ name: 'd1', kind: 'ifb', netns })],
      ['pair', 'veth.peer.netns', net.links.add({ name: 'v0', kind: 'veth', veth: { peer: { name: 'v1', netns } } })],
    ] as const;

  it('names a file that is not a network namespace', async () => {
    const fd = openSync('/proc/self/ns/mnt', 'r');
    for (const netns of ['/etc/passwd', '/proc/self/ns/mnt', { fd }]) {
      for (const [verb, path, run] of verbs(netns)) {
        const error = await failure(run, 'invalid');
        expect(error.path, verb).to.equal(path);
        expect(error.message, verb).to.match(/: (\/etc\/passwd|mnt:\[\d+\]) is not a network namespace$/);
      }
    }
    closeSync(fd);
  });

  it('names a descriptor that is not open, and a path through a file', async () => {
    for (const [verb, path, run] of verbs({ fd: 99_999 })) {
      const error = await failure(run, 'invalid');
      expect([error.path, error.message.endsWith(': descriptor 99999 is not open')], `${verb}: ${error.message}`).to.deep.equal([
        path,
        true,
      ]);
    }
    const there = network({ netns: '/etc/passwd/x' });
    await new Promise<void>((resolve) => {
      there.links.list().subscribe({
        error: (error: unknown) => {
          expect(String(error)).to.include('ENOTDIR: not a directory').and.not.include('capability');
          resolve();
        },
      });
    });
    there.close();
  });

  it('explains a missing name and a missing process as network() does', async () => {
    for (const [netns, text] of [
      [NAME, NO_NAME],
      [PROCESS, 'network namespace /proc/9999999/ns/net: the process does not exist (ENOENT)'],
    ] as const) {
      for (const [verb, path, run] of verbs(netns)) {
        const error = await failure(run, 'missing');
        expect(error.message, verb)
          .to.match(/^cannot \w+ link /)
          .and.include(`: ${path}: ${text}`);
      }
      expect((await failure(namespaces.spawn(netns, 'true'), 'missing')).message).to.include(`: netns: ${text}`);
      const there = network({ netns });
      expect((await failure(there.links.list(), 'missing')).message).to.include(`: ${text}`);
      there.close();
    }
  });
});
