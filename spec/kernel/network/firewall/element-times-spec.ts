import { expect } from 'chai';
import type { FirewallTable } from '../../../../lib/network/firewall/firewall.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { failure, one } from '../support.js';
import { useFirewall } from './firewall.js';

/** The times in the output of `nft -j list table`, in seconds. */
interface Printed {
  readonly nftables: readonly { readonly set?: { readonly timeout?: number; readonly 'gc-interval'?: number } }[];
}

const table = (contents: Partial<FirewallTable>): FirewallTable => ({ family: 'ip', name: 'app', ...contents });
const withTimes = (times: object): FirewallTable => table({ sets: [{ name: 's', type: 'ipv4_addr', flags: ['timeout'], ...times }] });

describe('times of a firewall, beside nft', () => {
  const firewall = useFirewall();
  let net: Network;
  before(() => {
    net = network({ netns: firewall().namespace.path });
  });
  after(() => net?.close());

  const printed = (): NonNullable<Printed['nftables'][number]['set']> => {
    const { nftables } = JSON.parse(firewall().namespace.run('nft', '-j', 'list', 'table', 'ip', 'app')) as Printed;
    return nftables.find(({ set }) => set !== undefined)!.set!;
  };
  const set = () => net.firewall.set({ family: 'ip', table: 'app', name: 's' });
  const errorOf = async (wanted: FirewallTable): Promise<unknown> =>
    await firewall()
      .apply(wanted)
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );

  for (const written of ['30s', 30_000] as const)
    it(`writes ${written} of a set as the 30 seconds of nft`, async () => {
      await firewall().apply(withTimes({ timeout: written, gcInterval: written, elements: [{ value: '10.0.0.1', timeout: '90s' }] }));
      expect(printed()).to.include({ timeout: 30, 'gc-interval': 30 });
      expect(firewall().print()).to.contain('10.0.0.1 timeout 1m30s');
    });

  for (const number of [30, 3600, 999, 1500])
    it(`rejects the number ${number}, which is seconds in nft`, async () => {
      const message = `expected whole seconds; ${number} is ${number} ms: write '${number}s', or '${number}ms' for milliseconds`;
      expect(await errorOf(withTimes({ timeout: number }))).to.include({ path: 'tables[0].sets[0].timeout', message });
      expect(await errorOf(withTimes({ gcInterval: number }))).to.include({ path: 'tables[0].sets[0].gcInterval', message });
      const elements = [{ value: '10.0.0.1', timeout: number }];
      expect(await errorOf(withTimes({ elements }))).to.include({ path: 'tables[0].sets[0].elements[0].timeout', message });
      firewall().load('table ip app { set s { type ipv4_addr; flags timeout; }; }');
      const error = await failure(set().add({ value: '10.0.0.1', timeout: number }), 'invalid');
      expect([error.path, error.message]).to.deep.equal(['timeout', `cannot add element 10.0.0.1 of set ip app s: timeout: ${message}`]);
      expect(firewall().print()).to.not.contain('10.0.0.1');
    });

  it('takes the number in a rule for the seconds of nft -j', async () => {
    const elem = { elem: { val: { payload: { protocol: 'ip', field: 'saddr' } }, timeout: 30 } };
    const rules = [{ then: { set: { op: 'add', elem, set: '@s' } } }] as const;
    await firewall().apply({ ...withTimes({ flags: ['timeout', 'dynamic'], size: 100 }), chains: [{ name: 'c', rules }] });
    expect(firewall().print()).to.contain('add @s { ip saddr timeout 30s }');
  });

  it('exports times of parts of a second with their unit, and accepts them again', async () => {
    firewall().load(`table ip app {
      set s { type ipv4_addr; timeout 1s500ms; gc-interval 250ms; elements = { 10.0.0.1 timeout 2s500ms, 10.0.0.2 timeout 1h }; }
    }`);
    const [described] = JSON.parse(JSON.stringify(await firewall().describe())) as [FirewallTable];
    const { elements, ...settings } = described.sets![0]!;
    expect(settings).to.deep.equal({ name: 's', type: 'ipv4_addr', flags: ['timeout'], timeout: '1500ms', gcInterval: '250ms' });
    // The kernel chooses the order.
    expect(elements).to.have.deep.members([
      { value: '10.0.0.1', timeout: '2500ms' },
      { value: '10.0.0.2', timeout: 3_600_000 },
    ]);
    expect(await firewall().plan(described)).to.deep.equal([]);
  });

  it('accepts an element that was read, whose times are milliseconds', async () => {
    firewall().load('table ip app { set s { type ipv4_addr; flags timeout; elements = { 10.0.0.1 timeout 1h500ms }; }; }');
    const [entry] = await one(set().list());
    expect(entry).to.include({ value: '10.0.0.1', timeout: 3_600_500 });
    expect(await one(set().add(entry!))).to.equal(false);
    expect(await one(set().ensureAbsent(entry!))).to.equal(true);
    expect(await one(set().add(entry!))).to.equal(true);
    expect(firewall().print()).to.contain('10.0.0.1 timeout 1h500ms');
  });
});
