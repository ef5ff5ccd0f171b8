import { expect } from 'chai';
import { lastValueFrom, take, toArray, type Observable } from 'rxjs';
import { isNetworkError } from '../../../../lib/network/common/network-error.js';
import { network, type Network } from '../../../../lib/network/network.js';
import type { SetEntry } from '../../../../lib/network/firewall/verbs/set-entry.js';
import { eventually, failure, one } from '../support.js';
import { useFirewall } from './firewall.js';

describe('net.firewall', () => {
  const firewall = useFirewall();
  let net: Network;
  before(() => {
    net = network({ netns: firewall().namespace.path });
  });
  after(() => net?.close());

  const set = (name = 's') => net.firewall.set({ family: 'ip', table: 'app', name });
  const values = (entries: readonly SetEntry[]): readonly unknown[] => entries.map(({ value }) => value).sort();
  const printed = (): string => (/elements = \{ ([^}]*) \}/.exec(firewall().print())?.[1] ?? '').replace(/\s+/g, ' ');

  it('names the part of the key of a set that is not valid', () => {
    const errorOf = (key: object): readonly unknown[] => {
      try {
        net.firewall.set(key as never);
      } catch (error) {
        return isNetworkError(error) ? [error.reason, error.path, error.message] : [error];
      }
      return [];
    };
    expect(errorOf({ family: 'ipv4', table: 'app', name: 's' })).to.deep.equal([
      'invalid',
      'family',
      "cannot select set: family: expected 'inet' or 'ip' or 'ip6' or 'arp' or 'bridge' or 'netdev', not 'ipv4'",
    ]);
    expect(errorOf({ family: 'ip', tabel: 'app', name: 's' })[1]).to.equal('tabel');
    expect(errorOf({ family: 'ip', name: 's' })).to.deep.equal(['invalid', 'table', 'cannot select set: table: is required']);
    expect(errorOf({ family: 'ip', table: 'app', name: ['s'] })[2]).to.equal('cannot select set: name: expected text, not array');
  });

  it('lists the tables as documents have them', async () => {
    firewall().load(`
      table ip app { comment "x"; chain in { type filter hook input priority 0; policy drop; }; }
      table inet app { chain c { }; }`);
    expect(await one(net.firewall.list({ family: 'ip' }))).to.deep.equal([
      {
        family: 'ip',
        name: 'app',
        comment: 'x',
        chains: [{ name: 'in', type: 'filter', hook: 'input', priority: 'filter', policy: 'drop' }],
      },
    ]);
    expect((await one(net.firewall.list())).map(({ family }) => family)).to.have.members(['ip', 'inet']);
    expect(await one(net.firewall.list({ name: 'none' }))).to.deep.equal([]);
  });

  it('emits the values of counters again and again', async () => {
    firewall().load(`table ip app {
      counter k { packets 5 bytes 50; }
      chain in { counter packets 7 bytes 70 comment "ssh"; counter packets 9 bytes 90; }
    }`);
    const readings = await lastValueFrom(net.firewall.counters({ every: '10ms' }).pipe(take(2), toArray()));
    for (const reading of readings)
      expect(Object.fromEntries(reading)).to.deep.equal({
        'counter ip app k': { packets: 5n, bytes: 50n },
        'rule ip app in: ssh': { packets: 7n, bytes: 70n },
      });
    expect(() => net.firewall.counters({ every: 'soon' as never })).to.throw(TypeError, 'every');
  });

  describe('set', () => {
    it('adds and deletes elements of a set', async () => {
      firewall().load('table ip app { set s { type ipv4_addr; timeout 1h; }; }');
      expect(await one(set().add('10.0.0.1'))).to.equal(true);
      expect(await one(set().add('10.0.0.1'))).to.equal(false);
      expect(await one(set().add({ value: '10.0.0.2', timeout: '10m', comment: 'x' }))).to.equal(true);
      expect(printed()).to.match(/10\.0\.0\.2 timeout 10m expires \S+ comment "x"/);
      const [entry] = (await one(set().list())).filter(({ value }) => value === '10.0.0.2');
      expect(entry).to.deep.include({ value: '10.0.0.2', timeout: 600_000, comment: 'x' });
      expect(entry!.expires).to.be.within(1, 600_000);
      expect(await one(set().ensureAbsent(entry!))).to.equal(true);
      expect(await one(set().ensureAbsent(entry!))).to.equal(false);
      expect(values(await one(set().list()))).to.deep.equal(['10.0.0.1']);
    });

    it('adds and deletes many at once, and reports those that failed', async () => {
      firewall().load('table ip app { set s { type ipv4_addr; flags interval; elements = { 10.5.0.0/16 }; }; }');
      const result = await one(set().addMany(['10.0.0.0/24', 'wrong', '10.5.1.0/24', '10.1.0.0/24']));
      expect(result.written).to.equal(2);
      expect(result.failed.map(({ index, error }) => [index, error.reason])).to.deep.equal([
        [1, 'invalid'],
        [2, 'exists'],
      ]);
      expect(printed()).to.equal('10.0.0.0/24, 10.1.0.0/24, 10.5.0.0/16');
      expect(await one(set().ensureAbsentMany(['10.0.0.0/24', '10.5.0.0/16']))).to.deep.equal({ written: 2, failed: [] });
      expect(printed()).to.equal('10.1.0.0/24');
    });

    it('writes elements of maps, and keeps those with other data', async () => {
      firewall().load('table ip app { map s { type ipv4_addr : verdict; }; }');
      expect(await one(set().add({ value: '10.0.0.1', data: 'accept' }))).to.equal(true);
      const error = await failure(set().add({ value: '10.0.0.1', data: 'drop' }), 'exists');
      expect(error.message).to.include('element 10.0.0.1 of set ip app s');
      expect(printed()).to.equal('10.0.0.1 : accept');
    });

    it('merges and cuts the intervals of a set that merges', async () => {
      firewall().load('table ip app { set s { type ipv4_addr; flags interval; auto-merge; elements = { 10.0.0.0/24 }; }; }');
      expect(await one(set().add('10.0.1.0/24'))).to.equal(true);
      expect(printed()).to.equal('10.0.0.0/23');
      expect(await one(set().add('10.0.0.7'))).to.equal(false);
      expect(await one(set().ensureAbsent('10.0.0.128-10.0.0.255'))).to.equal(true);
      expect(printed()).to.equal('10.0.0.0/25, 10.0.1.0/24');
    });

    it('fails for a set that is missing, full, or of another type', async () => {
      await failure(set('none').list(), 'missing');
      await failure(set('none').add('10.0.0.1'), 'missing');
      firewall().load('table ip app { set s { type ipv4_addr; size 1; elements = { 10.0.0.1 }; }; }');
      expect((await failure(set().add('10.0.0.2'), 'invalid')).message).to.include('as many elements as its size allows');
      await failure(set().add('fd00::1'), 'invalid');
    });

    it('names the table or the set that is missing, and a similar one', async () => {
      const errorOf = async (verb: Observable<unknown>): Promise<readonly unknown[]> => {
        const { message, code } = await failure(verb, 'missing');
        return [message, code];
      };
      const element = 'cannot add element 10.0.0.1 of set ip app s: ';
      expect(await errorOf(set().add('10.0.0.1'))).to.deep.equal([`${element}there is no table ip app (ENOENT)`, 'ENOENT']);
      firewall().load('table inet app { set s { type ipv4_addr; }; }');
      const other = 'there is no table ip app (ENOENT); the table app is of the family inet';
      expect(await errorOf(set().add('10.0.0.1'))).to.deep.equal([element + other, 'ENOENT']);
      firewall().load('table ip app { set blocked { type ipv4_addr; }; }');
      expect(await errorOf(set('admins').add('10.0.0.1'))).to.deep.equal([
        'cannot add element 10.0.0.1 of set ip app admins: there is no set or map admins in the table ip app (ENOENT); there is blocked',
        'ENOENT',
      ]);
      const misspelt = 'there is no set or map bloked in the table ip app (ENOENT); did you mean blocked?';
      const verbs = [
        set('bloked').list(),
        set('bloked').watch(),
        set('bloked').ensureAbsent('10.0.0.1'),
        set('bloked').addMany(['10.0.0.1']),
      ];
      for (const verb of verbs) expect((await errorOf(verb))[0]).to.contain(misspelt);
    });

    for (const noun of ['set', 'map'] as const)
      it(`rejects the time of an element of a ${noun} without times`, async () => {
        firewall().load(`table ip app { ${noun} s { type ipv4_addr${noun === 'map' ? ' : verdict' : ''}; }; }`);
        const element = { value: '10.0.0.1', timeout: '30s', ...(noun === 'map' && { data: 'accept' as const }) } as const;
        const text = `timeout: the ${noun} ip app s has no flag 'timeout'; omit the time, or create the ${noun} with flags: ['timeout']`;
        const error = await failure(set().add(element), 'invalid');
        expect([error.path, error.message]).to.deep.equal(['timeout', `cannot add element 10.0.0.1 of set ip app s: ${text}`]);
        const { written, failed } = await one(set().addMany([element]));
        expect([written, failed[0]!.error.message]).to.deep.equal([0, error.message]);
        expect(await one(set().ensureAbsent(element))).to.equal(false);
      });

    it('watches what programs add and delete', async () => {
      firewall().load('table ip app { set s { type ipv4_addr; elements = { 10.0.0.1 }; }; }');
      const seen: (readonly [type: string, what: unknown])[] = [];
      const subscription = set()
        .watch()
        .subscribe((change) => {
          if (change.type !== 'synced') seen.push([change.type, change.value.value]);
          else if (change.reason === 'initial') seen.push([change.type, change.entries.length]);
        });
      try {
        await eventually(() => seen.length === 1);
        firewall().namespace.run('nft', 'add', 'element', 'ip', 'app', 's', '{ 10.0.0.2 }');
        await eventually(() => seen.length === 2);
        firewall().namespace.run('nft', 'delete', 'element', 'ip', 'app', 's', '{ 10.0.0.1 }');
        await eventually(() => seen.length === 3);
      } finally {
        subscription.unsubscribe();
      }
      expect(seen).to.deep.equal([
        ['synced', 1],
        ['added', '10.0.0.2'],
        ['removed', '10.0.0.1'],
      ]);
    });
  });
});
