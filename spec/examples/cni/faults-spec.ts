import { expect } from 'chai';
import type { Subscription } from 'rxjs';
import { network } from 'rxnetlink/network';
import { usePrograms } from '../../support/programs.js';
import { addressOf, resultOf, useHost } from './support.js';

describe('examples/cni: faults', function () {
  this.timeout(120_000);
  const host = useHost();
  const addresses = (namespace: { ip(line: string): string }) => namespace.ip('-4 -o address show scope global').trim();

  /** DEL and ADD after a fault: they succeed, and leave nothing of the first ADD. */
  async function recover(netns: string): Promise<void> {
    expect(await host().call('DEL', { netns })).to.deep.equal({ exitCode: 0, output: undefined });
    expect([host().pairs(), host().reserved()]).to.deep.equal([[], []]);
    const prevResult = resultOf(await host().call('ADD', { netns }));
    expect((await host().call('CHECK', { netns, config: { prevResult } })).exitCode).to.equal(0);
    expect(host().pairs()).to.have.length(1);
    expect(host().reserved()).to.deep.equal([addressOf(prevResult)]);
  }

  it('two processes at once get different addresses', async () => {
    const containers = ['one', 'two'].map((id) => ({ id, namespace: host().container() }));
    const config = { ipMasq: true };
    const run = ({ id, namespace }: (typeof containers)[number]) => host().start('ADD', { id, netns: namespace.path, config });
    const results = (await Promise.all(containers.map(run))).map(resultOf);
    expect(new Set(results.map(addressOf)).size).to.equal(2);
    for (const [index, { namespace }] of containers.entries())
      expect(addresses(namespace)).to.include(` ${results[index]?.ips[0]?.address} `);
    expect(host().pairs()).to.have.length(2);
    // One bridge, whose MAC address is the same in all results.
    expect(new Set(results.map(({ interfaces }) => interfaces[0]?.mac)).size).to.equal(1);
  });

  it('twelve ADDs of one process at once get different addresses', async () => {
    const calls = Array.from({ length: 12 }, (_, index) => ({ id: `c${index}`, netns: host().container().path, config: { ipMasq: true } }));
    const results = (await Promise.all(calls.map((parameters) => host().call('ADD', parameters)))).map(resultOf);
    expect(new Set(results.map(addressOf)).size).to.equal(12);
    expect(host().pairs()).to.have.length(12);
  });

  it('two ADDs of one attachment at once: one connects it, and the other one leaves it alone', async () => {
    const netns = host().container().path;
    const outcomes = await Promise.all([1, 2].map(() => host().call('ADD', { netns })));
    const connected = outcomes.filter(({ exitCode }) => exitCode === 0);
    expect(connected).to.have.length(1);
    expect(outcomes.find(({ exitCode }) => exitCode !== 0)!.output).to.include({ code: 102 });
    const prevResult = resultOf(connected[0]!);
    expect(await host().call('CHECK', { netns, config: { prevResult } })).to.deep.equal({ exitCode: 0, output: undefined });
    expect(host().pairs()).to.have.length(1);
    expect(host().reserved()).to.deep.equal([addressOf(prevResult)]);
  });

  it('a process prints its result as JSON, and DEL prints nothing', async () => {
    const netns = host().container().path;
    const result = resultOf(await host().start('ADD', { netns }));
    expect(result.interfaces[2]).to.include({ name: 'eth0', sandbox: netns });
    expect(await host().start('DEL', { netns })).to.deep.equal({ exitCode: 0, output: undefined });
    expect(host().pairs()).to.deep.equal([]);
  });

  describe('a namespace that is deleted in the middle of ADD', () => {
    for (const [step, isStep] of [
      ['when the bridge is made', (name: string) => name === 'gone0'],
      ['when the pair is made', (name: string) => name.startsWith('veth')],
    ] as const) {
      it(`ends it with code 3 ${step}, and nothing is left`, async () => {
        const web = host().container();
        const net = network({ netns: host().namespace.path });
        let watching: Subscription | undefined;
        await new Promise<void>((synced) => {
          watching = net.links.watch().subscribe((change) => {
            if (change.type === 'synced') synced();
            // This process continues with the next step after the namespace is deleted.
            else if (change.type === 'added' && isStep(change.value.name)) web.delete();
          });
        });
        const { exitCode, output } = await host().call('ADD', { netns: web.path, config: { bridge: 'gone0' } });
        watching?.unsubscribe();
        expect(exitCode).to.equal(1);
        expect(output).to.include({ code: 3, msg: 'the network namespace does not exist' });
        expect([host().pairs(), host().reserved()]).to.deep.equal([[], []]);
        host().namespace.ip('link delete gone0');
      });
    }
  });

  describe('kill -9 in the middle of ADD', () => {
    usePrograms('strace');

    // Each request is one sendto() of the main thread: strace kills the process when it sends the given one.
    for (const request of [2, 6, 9, 12, 15]) {
      it(`at request ${request}: DEL and ADD leave nothing behind`, async () => {
        const netns = host().container().path;
        const strace = ['strace', '-qq', '-o', '/dev/null', '-e', `inject=sendto:signal=SIGKILL:when=${request}`, '-e', 'trace=sendto'];
        const { exitCode, output } = await host().start('ADD', { netns }, undefined, strace);
        expect([exitCode === 0, output]).to.deep.equal([false, undefined]);
        await recover(netns);
      });
    }
  });
});
