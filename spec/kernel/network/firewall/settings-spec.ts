import { expect } from 'chai';
import type { FirewallTable, Flowtable, NamedLimit, NamedMap, NamedQuota, NamedSet } from '../../../../lib/network/firewall/firewall.js';
import { skipBecause } from '../../../support/namespace.js';
import { useFirewall } from './firewall.js';

const table = (contents: Partial<FirewallTable>): FirewallTable => ({ family: 'ip', name: 'app', ...contents });

/** A setting that changes, the action of the difference, and what `nft` prints then. */
type Change = readonly [change: object, sign: string, printed: string];

describe('the settings of things in planFirewall', () => {
  const firewall = useFirewall();

  /** Skips a spec if `nft` cannot give a set a setting that older kernels lack, or do not change in place. */
  const requireSetting = (context: Mocha.Context, own: string, printed: string): void => {
    if (!/^(timeout|gc-interval|size|counter)/.test(printed)) return;
    const load = (settings: string): string => `table ip x { set s { type ipv4_addr; flags timeout; ${settings} }; }`;
    const texts = printed === 'counter' ? [load('counter;')] : [load(own), load(`${own} ${printed};`)];
    firewall().needs(context, `${printed.split(' ')[0]!} of a set that is there`, printed, ...texts);
  };

  function changes<T extends object>(noun: string, base: T, list: keyof FirewallTable, all: readonly Change[], name = 's'): void {
    for (const [change, text, printed] of all)
      it(`change: ${text}`, async function () {
        if (noun === 'set') requireSetting(this, 'timeout' in base ? 'timeout 1h; size 5;' : '', printed);
        const wanted = { ...base, ...change };
        await firewall().apply(table({ [list]: [base] }));
        expect(await firewall().apply(table({ [list]: [wanted] }))).to.deep.equal([`~ ${noun} ip app ${name}: ${text}`]);
        expect(firewall().print()).to.include(printed);
        expect(await firewall().plan(table({ [list]: [wanted] }))).to.deep.equal([]);
      });
  }

  describe('of sets', () => {
    const base: NamedSet = { name: 's', type: 'ipv4_addr', flags: ['timeout'] };
    changes('set', base, 'sets', [
      [{ type: { typeof: 'ip.saddr' } }, 'type ipv4_addr -> {"typeof":"ip.saddr"}', 'typeof ip saddr'],
      [{ type: 'ipv6_addr' }, 'type ipv4_addr -> ipv6_addr', 'type ipv6_addr'],
      [{ flags: ['timeout', 'interval'] }, 'flags timeout -> interval . timeout', 'flags interval,timeout'],
      [{ flags: ['timeout', 'dynamic'] }, 'flags timeout -> dynamic . timeout', 'flags dynamic,timeout'],
      [{ timeout: '1h' }, 'timeout none -> 3600000', 'timeout 1h'],
      [{ gcInterval: '10s' }, 'gcInterval none -> 10000', 'gc-interval 10s'],
      [{ size: 100 }, 'size none -> 100', 'size 100'],
      [{ policy: 'memory' }, 'policy none -> memory', 'policy memory'],
      [{ comment: 'x' }, 'comment none -> x', 'comment "x"'],
      [{ statements: [{ name: 'counter', data: {} }] }, 'statements none -> [{"name":"counter","data":{}}]', 'counter'],
    ]);
    changes('set', { ...base, flags: ['interval'] }, 'sets', [
      [{ flags: ['interval', 'constant'] }, 'flags interval -> constant . interval', 'flags constant,interval'],
      [{ autoMerge: true }, 'autoMerge none -> true', 'auto-merge'],
    ]);
    changes('set', { ...base, timeout: '1h', size: 5 }, 'sets', [
      [{ timeout: '2h' }, 'timeout 3600000 -> 7200000', 'timeout 2h'],
      [{ size: 6 }, 'size 5 -> 6', 'size 6'],
    ]);
  });

  describe('of sets whose type is that of fields', () => {
    it('accept a document with the data types', async () => {
      firewall().load('table ip app { set s { typeof ip saddr . tcp dport; elements = { 10.0.0.1 . 80 }; }\n}');
      const elements = ['10.0.0.1 . 80'];
      expect(await firewall().plan(table({ sets: [{ name: 's', type: ['ipv4_addr', 'inet_service'], elements }] }))).to.deep.equal([]);
      expect(await firewall().plan(table({ sets: [{ name: 's', type: { typeof: ['ip.saddr', 'tcp.dport'] }, elements }] }))).to.deep.equal(
        [],
      );
    });

    it('print integers as nft does', async () => {
      const fields = { concat: [{ payload: { protocol: 'vlan', field: 'id' } }, { meta: { key: 'mark' } }] } as const;
      await firewall().apply(table({ sets: [{ name: 's', type: { typeof: fields }, elements: ['5 . 6'] }] }));
      expect(firewall().print()).to.include('typeof vlan id . meta mark').and.include('elements = { 5 . 0x00000006 }');
    });

    it('name a field that nft cannot name', async () => {
      const set = { name: 's', type: { typeof: 'fib.daddr.type' } } as const;
      const error = await firewall()
        .plan(table({ sets: [set] }))
        .then(
          () => undefined,
          (reason: unknown) => reason as Error,
        );
      expect(error?.message).to.equal('nft cannot name the type of this field; write a data type');
    });
  });

  describe('of maps', () => {
    const base: NamedMap = { name: 's', type: 'inet_service', data: 'ipv4_addr' };
    changes('map', base, 'maps', [
      [{ data: 'verdict' }, 'data ipv4_addr -> verdict', 'type inet_service : verdict'],
      [{ data: 'counter' }, 'data ipv4_addr -> counter', 'type inet_service : counter'],
      [{ dataInterval: true }, 'dataInterval none -> true', 'type inet_service : interval ipv4_addr'],
    ]);
  });

  describe('of quotas and limits', () => {
    const quota: NamedQuota = { name: 's', bytes: 10_000 };
    changes('quota', quota, 'quotas', [
      [{ bytes: 2048 }, 'bytes 10000 -> 2048', '2 kbytes'],
      [{ over: true }, 'over none -> true', 'over 10000 bytes'],
      [{ comment: 'x' }, 'comment none -> x', 'comment "x"'],
    ]);
    const limit: NamedLimit = { name: 's', rate: 10 };
    changes('limit', limit, 'limits', [
      [{ rate: 11 }, 'rate 10 -> 11', 'rate 11/second'],
      [{ per: 'hour' }, 'per second -> hour', 'rate 10/hour'],
      [{ burst: 7 }, 'burst 5 -> 7', 'burst 7 packets'],
      [{ over: true }, 'over none -> true', 'rate over 10/second'],
      [{ unit: 'bytes', burst: 100 }, 'unit packets -> bytes, burst 5 -> 100', 'rate 10 bytes/second burst 100 bytes'],
    ]);
  });

  describe('of flowtables', () => {
    before(function () {
      for (const name of ['d0', 'd1']) firewall().namespace.ip(`link add ${name} type ifb`);
      try {
        firewall().load('table ip x { flowtable f { hook ingress priority 0; }; }');
      } catch (error) {
        skipBecause(this, 'this kernel has no flowtables', error);
      }
    });
    const base: Flowtable = { name: 's', devices: ['d0'] };
    changes('flowtable', base, 'flowtables', [
      [{ devices: ['d1'] }, 'devices d0 -> d1', 'devices = { d1 }'],
      [{ priority: 5 }, 'priority filter -> filter + 5', 'priority filter + 5'],
      [{ counter: true }, 'counter none -> true', 'counter'],
    ]);
  });

  it('keeps the value of a counter with a name', async () => {
    firewall().load('table ip app { counter k { packets 5 bytes 50; }; chain c { counter name "k"; }; }');
    const [described] = await firewall().describe();
    expect(described!.counters).to.deep.equal([{ name: 'k' }]);
    await firewall().apply({ ...described!, chains: [{ name: 'c' }] });
    expect(firewall().print()).to.include('packets 5 bytes 50');
  });

  it('creates a limit anew with the rules and elements that use it', async () => {
    firewall().load(`table ip app {
      limit l { rate 10/second; }
      map m { type inet_service : limit; elements = { 80 : "l" }; }
      chain c { limit name "l" counter packets 5 bytes 50 accept; limit name tcp dport map @m; }
    }`);
    const [described] = await firewall().describe();
    const differences = await firewall().apply({ ...described!, limits: [{ name: 'l', rate: 20 }] });
    expect(differences).to.deep.equal(['~ limit ip app l: rate 10 -> 20']);
    expect(firewall().print())
      .to.include('rate 20/second')
      .and.include('80 : "l"')
      .and.include('limit name "l" counter packets 5 bytes 50');
  });

  it('reads and writes other objects in the words of the engine', async () => {
    firewall().load(`table ip app {
      ct timeout t { protocol tcp; l3proto ip; policy = { established : 100s, close : 4s }; }
      synproxy s { mss 1460; wscale 7; timestamp sack-perm; }
    }`);
    const printed = firewall().print();
    const [described] = await firewall().describe();
    await firewall().apply({ family: 'ip', name: 'app', absent: true });
    await firewall().apply(described!);
    expect(firewall().print()).to.equal(printed);
    expect(await firewall().plan(described!)).to.deep.equal([]);
  });
});
