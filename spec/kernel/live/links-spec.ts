import { expect } from 'chai';
import { rtLink } from '../../../lib/families/rt-link.js';
import { createNamespace, useNamespace } from '../../support/namespace.js';
import { pause } from '../../support/sockets.js';
import { useClients } from './clients.js';
import { useWatchers } from './watcher.js';

/** A row of `ip -j link`. */
interface Shown {
  readonly ifname: string;
  readonly link_netnsid?: number;
}

describe('a live collection of links', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  const closing = useClients();

  it('follows the network namespace of a veth peer, for which the kernel sends no event while the link is down', async () => {
    const other = createNamespace();
    try {
      namespace().ip('link add v0 type veth peer name v1');
      const watcher = watch(closing(rtLink({ netns: namespace().path })).watch('getlink'));
      await watcher.has('both', (links) => links.some(({ ifname }) => ifname === 'v1'));
      const shown = () => (JSON.parse(namespace().ip('-j link show v0')) as [Shown])[0].link_netnsid;
      const held = () => watcher.entries?.find(({ ifname }) => ifname === 'v0')?.linkNetnsid;
      for (const [step, isHere] of [
        [() => namespace().ip(`link set v1 netns ${other.path}`), false],
        [() => other.ip(`link set v1 netns ${namespace().path}`), true],
      ] as const) {
        await pause(50);
        step();
        const wanted = shown();
        expect(wanted === undefined).to.equal(isHere);
        await watcher.has('agreement', () => held() === wanted).catch(() => undefined);
        expect(held()).to.equal(wanted);
      }
    } finally {
      namespace().ip('link del v0');
      other.delete();
    }
  });
});
