import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import type { Subscription } from 'rxjs';
import { networkInterfaces } from '../../../../lib/network/interfaces/network-interfaces.js';
import type { NetworkInterfaces } from '../../../../lib/network/interfaces/interface-rows.js';
import { useNamespace } from '../../../support/namespace.js';
import { rounds } from '../../../support/rounds.js';
import { pause, until } from '../../../support/sockets.js';

/** Prints the interfaces for each line of input. */
const PROGRAM = `
const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', () => console.log(JSON.stringify(require('node:os').networkInterfaces())));`;

/** Changes of links and addresses; Node.js prints the interfaces after each of them. */
const CHANGES: readonly string[] = [
  'addr add 10.1.0.1/24 dev v0',
  'addr add 10.1.0.2/24 dev v0',
  'addr add 10.2.0.1/30 dev v0 label v0:1',
  'addr add 10.3.0.1 peer 10.3.0.2/32 dev v1',
  'addr add fd01::1/64 dev v0',
  'addr add fd01::2/64 dev v0',
  'addr add fe80::5/64 dev v0',
  'addr add ::1.2.3.4/96 dev v0',
  'addr add 169.254.1.1/16 dev v0 scope link',
  'addr add 0.0.0.5/0 dev v1',
  'addr add 10.4.0.1/24 dev b0 label other',
  'addr add 10.4.0.2/24 dev b0 label v0',
  'addr add fd04::1/128 dev b0',
  'addr add fd04::1 peer fd04::2/128 dev v1',
  'link set b0 up',
  'link set v0 address 02:00:00:00:00:77',
  'link set v1 down',
  'link set v1 up',
  'link set b0 down',
  'link set b0 name 12',
  'link set 12 up',
  'addr add 10.5.0.1/24 dev t0',
  'addr del 10.1.0.1/24 dev v0',
  'link add d0 type dummy',
  'link set lo down',
  'link set lo up',
  'link del v0',
];

describe('networkInterfaces', () => {
  const namespace = useNamespace();
  let subscription: Subscription;
  const emitted: NetworkInterfaces[] = [];
  let child: ChildProcess;
  let answers: AsyncIterator<string>;

  const node = async (): Promise<string> => {
    child.stdin!.write('\n');
    return ((await answers.next()) as IteratorResult<string, string>).value;
  };
  const last = (): string => JSON.stringify(emitted.at(-1));

  /** Waits until both are equal: the carrier of the other end of a pair changes later. */
  const agree = async (change: string): Promise<void> => {
    let shown = await node();
    for (let tries = 0; tries < 200 && last() !== shown; tries++) {
      await pause(10);
      shown = await node();
    }
    expect(last(), change).to.equal(shown);
  };

  before(async () => {
    child = namespace().start(process.execPath, '-e', PROGRAM);
    answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const links = ['v0 type veth peer name v1', 'b0 type bridge', 't0 type gre local 192.0.2.1 remote 192.0.2.2'];
    for (const link of links) namespace().run('sh', '-c', `ip link add ${link} || true`);
    namespace().batch(['link set v0 up', 'link set v1 up']);
    namespace().run('sh', '-c', 'ip link set t0 up || true');
    subscription = networkInterfaces({ netns: namespace().path }).subscribe((interfaces) => emitted.push(interfaces));
    await until('the first value arrives', () => emitted.length > 0);
  });
  after(() => subscription.unsubscribe());

  it('emits what os.networkInterfaces() of Node.js returns, at once', async () => {
    expect(last())
      .to.equal(await node())
      .and.include('"lo":[{"address":"127.0.0.1"');
  });

  it('emits what Node.js returns after each change', async () => {
    let same = 0;
    for (const change of CHANGES) {
      const before = emitted.length;
      // This kernel may lack the kind of a link.
      namespace().run('sh', '-c', `ip ${change} 2>/dev/null || true`);
      await agree(change);
      // The kernel reports a lost carrier a moment later.
      if (change.startsWith('link set')) await pause(20).then(() => agree(change));
      if (emitted.length === before) same++;
    }
    // A link without a carrier, an address of it, and links that do not exist in this kernel change nothing.
    expect(same).to.be.below(CHANGES.length / 2);
    expect(emitted.at(-1)).to.have.property('lo');
  });

  it('emits each state once, and no state twice in a row', async () => {
    const from = emitted.length;
    namespace().batch(['link add v0 type veth peer name v2', 'link set v0 up', 'link set v2 up']);
    for (let round = 0; round < rounds(3, 100); round++) {
      const adds = Array.from({ length: 50 }, (_, at) => `addr add 10.9.${at}.1/24 dev v0`);
      namespace().batch(adds);
      await agree('all addresses');
      expect(emitted.at(-1)!['v0']!.length).to.be.at.least(50);
      namespace().batch(adds.map((line) => line.replace('addr add', 'addr del')));
      await until('no address is left', () => emitted.at(-1)!['v0'] === undefined);
    }
    await pause();
    const texts = emitted.slice(from).map((interfaces) => JSON.stringify(interfaces));
    for (const [at, text] of texts.entries()) expect(text).to.not.equal(texts[at - 1]);
    // One emission for a turn, not for each of 100 events.
    expect(texts.length).to.be.below(rounds(3, 100) * 60);
  });

  it('signals an error for a network namespace that does not exist', async () => {
    const error: unknown = await new Promise((resolve) => {
      networkInterfaces({ netns: 'rxnl-none' }).subscribe({ error: resolve });
    });
    expect((error as NodeJS.ErrnoException).code).to.equal('ENOENT');
  });
});
