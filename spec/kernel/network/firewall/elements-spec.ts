import { expect } from 'chai';
import type { FirewallTable, NamedMap, NamedSet, SetElement } from '../../../../lib/network/firewall/firewall.js';
import { useFirewall } from './firewall.js';

const table = (contents: Partial<FirewallTable>): FirewallTable => ({ family: 'ip', name: 'app', ...contents });

describe('the elements of sets in planFirewall', () => {
  const firewall = useFirewall();

  /** Applies a set; returns what `nft` prints of it, without remaining times. */
  const printed = async (set: NamedSet): Promise<string> => {
    await firewall().apply(table({ sets: [set] }));
    expect(await firewall().plan(table({ sets: [set] }))).to.deep.equal([]);
    return elementsIn(firewall().print());
  };
  const printedMap = async (map: NamedMap): Promise<string> => {
    await firewall().apply(table({ maps: [map], chains: [{ name: 'x' }], counters: [{ name: 'k' }] }));
    expect(await firewall().plan(table({ maps: [map], chains: [{ name: 'x' }], counters: [{ name: 'k' }] }))).to.deep.equal([]);
    return elementsIn(firewall().print());
  };
  const elementsIn = (text: string): string =>
    /elements = \{ ([^}]*) \}/
      .exec(text)?.[1]!
      .replace(/\s+/g, ' ')
      .replace(/ expires [^,\s]+/g, '') ?? '';

  const CASES: readonly (readonly [title: string, set: Omit<NamedSet, 'name'>, printed: string])[] = [
    ['addresses', { type: 'ipv4_addr', elements: ['10.0.0.2', '10.0.0.1'] }, '10.0.0.1, 10.0.0.2'],
    ['IPv6 addresses', { type: 'ipv6_addr', flags: ['interval'], elements: ['fd00::/8', '2001:db8::1'] }, '2001:db8::1, fd00::/8'],
    ['MAC addresses', { type: 'ether_addr', elements: ['02:00:00:00:00:01'] }, '02:00:00:00:00:01'],
    ['ports and ranges of ports', { type: 'inet_service', flags: ['interval'], elements: ['1024-2048', 22, 23] }, '22, 23, 1024-2048'],
    ['the whole range', { type: 'ipv4_addr', flags: ['interval'], elements: ['0.0.0.0/0'] }, '0.0.0.0/0'],
    [
      'intervals at both ends, and touching ones',
      { type: 'ipv4_addr', flags: ['interval'], elements: ['255.255.255.0/24', '0.0.0.0/8', '10.0.0.0/25', '10.0.0.128/25'] },
      '0.0.0.0/8, 10.0.0.0/25, 10.0.0.128/25, 255.255.255.0/24',
    ],
    ['numbers in the order of the host', { type: 'mark', elements: [1, 256] }, '0x00000001, 0x00000100'],
    ['ranges of such numbers', { type: 'mark', flags: ['interval'], elements: ['1-10', 256] }, '0x00000001-0x0000000a, 0x00000100'],
    ['names of links', { type: 'ifname', elements: ['eth0', 'lo'] }, '"eth0", "lo"'],
    ['states', { type: 'ct_state', elements: ['established', 'new'] }, 'established, new'],
    ['concatenations', { type: ['ipv4_addr', 'inet_service', 'ifname'], elements: ['10.0.0.1 . 80 . eth0'] }, '10.0.0.1 . 80 . "eth0"'],
    [
      'ranges in concatenations',
      { type: ['ipv4_addr', 'inet_proto', 'inet_service', 'mark'], flags: ['interval'], elements: [['10.0.0.0/8', 'tcp', '1-1024', 5]] },
      '10.0.0.0/8 . tcp . 1-1024 . 0x00000005',
    ],
    [
      'times and comments',
      {
        type: 'ipv4_addr',
        timeout: '1h',
        elements: [
          { value: '10.0.0.1', timeout: '10m', comment: 'a b' },
          { value: '10.0.0.2', timeout: null },
        ],
      },
      '10.0.0.1 timeout 10m comment "a b", 10.0.0.2 timeout never',
    ],
    [
      'counters of elements',
      { type: 'ipv4_addr', statements: [{ name: 'counter', data: {} }], elements: ['10.0.0.1'] },
      '10.0.0.1 counter packets 0 bytes 0',
    ],
    ['the key that matches everything else', { type: 'ipv4_addr', elements: ['*', '10.0.0.1'] }, '10.0.0.1, *'],
  ];
  /** The features that older kernels lack, what `nft` prints if the kernel has one, and a text that needs it. */
  const NEEDS: Readonly<Record<string, readonly [feature: string, kept: string, text: string]>> = {
    'times and comments': [
      'elements that never expire',
      'never',
      'set s { type ipv4_addr; timeout 1h; elements = { 10.0.0.1 timeout never }; }',
    ],
    'counters of elements': ['counters of elements', 'counter', 'set s { type ipv4_addr; counter; elements = { 10.0.0.1 }; }'],
    'the key that matches everything else': ['key for the rest', '*', 'set s { type ipv4_addr; elements = { * }; }'],
    verdicts: ['key for the rest', '*', 'map s { type ipv4_addr : verdict; elements = { * : drop }; }'],
  };
  const requireFeature = (context: Mocha.Context, title: string): void => {
    const [feature, kept, text] = NEEDS[title] ?? [];
    if (feature !== undefined) firewall().needs(context, feature, kept!, `table ip x { ${text!}; }`);
  };

  for (const [title, set, text] of CASES)
    it(`writes ${title} as nft prints them`, async function () {
      requireFeature(this, title);
      const result = await printed({ name: 's', ...set });
      // The order in a hash table is the kernel's.
      expect(result.split(', ').sort()).to.deep.equal(text.split(', ').sort());
    });

  const MAPS: readonly (readonly [title: string, map: Omit<NamedMap, 'name'>, printed: string])[] = [
    [
      'verdicts',
      {
        type: 'ipv4_addr',
        data: 'verdict',
        flags: ['interval'],
        elements: [
          { value: '10.0.0.0/8', data: { jump: 'x' } },
          { value: '*', data: 'drop' },
        ],
      },
      '10.0.0.0/8 : jump x, * : drop',
    ],
    ['addresses', { type: 'inet_service', data: 'ipv4_addr', elements: [{ value: 80, data: '10.0.0.1' }] }, '80 : 10.0.0.1'],
    [
      'concatenations',
      { type: 'ipv4_addr', data: ['ipv4_addr', 'inet_service'], elements: [{ value: '10.0.0.1', data: '10.0.0.2 . 80' }] },
      '10.0.0.1 : 10.0.0.2 . 80',
    ],
    [
      'ranges',
      { type: 'inet_service', data: 'ipv4_addr', dataInterval: true, elements: [{ value: 80, data: '10.0.0.0-10.0.0.9' }] },
      '80 : 10.0.0.0-10.0.0.9',
    ],
    ['numbers in the order of the host', { type: 'inet_service', data: 'mark', elements: [{ value: 80, data: 5 }] }, '80 : 0x00000005'],
    ['counters', { type: 'inet_service', data: 'counter', elements: [{ value: 80, data: 'k' }] }, '80 : "k"'],
  ];
  for (const [title, map, text] of MAPS)
    it(`writes maps to ${title} as nft prints them`, async function () {
      requireFeature(this, title);
      expect(await printedMap({ name: 's', ...map })).to.equal(text);
    });

  it('adds and deletes single elements, and nothing else', async () => {
    const set = (...elements: SetElement[]): FirewallTable =>
      table({ sets: [{ name: 's', type: 'ipv4_addr', flags: ['interval'], elements }] });
    await firewall().apply(set('10.0.0.0/24', '10.1.0.0/24', '10.2.0.0/24'));
    expect(await firewall().apply(set('10.0.0.0/24', '10.2.0.0/25', '10.3.0.1'))).to.have.members([
      '+ element ip app s: 10.2.0.0/25',
      '+ element ip app s: 10.3.0.1',
      '- element ip app s: 10.1.0.0/24',
      '- element ip app s: 10.2.0.0/24',
    ]);
    expect(elementsIn(firewall().print())).to.equal('10.0.0.0/24, 10.2.0.0/25, 10.3.0.1');
  });

  it('exchanges an element whose data, comment or time changes', async () => {
    const map = (data: string, settings: object): FirewallTable =>
      table({
        maps: [{ name: 's', type: 'ipv4_addr', data: 'verdict', flags: ['timeout'], elements: [{ value: '10.0.0.1', data, ...settings }] }],
      });
    await firewall().apply(map('accept', {}));
    expect(await firewall().apply(map('drop', { comment: 'x', timeout: '1h' }))).to.have.length(1);
    expect(elementsIn(firewall().print())).to.equal('10.0.0.1 timeout 1h comment "x" : drop');
    await firewall().apply(map('drop', {}));
    expect(elementsIn(firewall().print())).to.equal('10.0.0.1 : drop');
  });

  it('leaves the elements of a set alone that the document only declares', async () => {
    firewall().load('table ip app { set s { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2 }; }; }');
    expect(await firewall().apply(table({ sets: [{ name: 's', type: 'ipv4_addr' }] }))).to.deep.equal([]);
    expect(await firewall().apply(table({ sets: [{ name: 's', type: 'ipv4_addr', comment: 'new' }] }))).to.deep.equal([
      '~ set ip app s: comment none -> new',
    ]);
    expect(elementsIn(firewall().print()).split(', ').sort()).to.deep.equal(['10.0.0.1', '10.0.0.2']);
  });

  it('does not compare the remaining times of elements', async () => {
    firewall().load('table ip app { set s { type ipv4_addr; timeout 1h; elements = { 10.0.0.1, 10.0.0.2 timeout 10m }; }; }');
    const [described] = await firewall().describe();
    expect(await firewall().plan(described!)).to.deep.equal([]);
  });

  it('merges intervals where the set wants it, and compares merged ones', async () => {
    const set = (...elements: SetElement[]): FirewallTable =>
      table({ sets: [{ name: 's', type: 'ipv4_addr', flags: ['interval'], autoMerge: true, elements }] });
    firewall().load(
      `table ip app { set s { type ipv4_addr; flags interval; auto-merge; elements = { 10.0.0.0/24, 10.0.1.0/24, 10.0.0.128/25 }; }; }`,
    );
    expect(await firewall().apply(set('10.0.0.0/24', '10.0.1.0/24', '10.0.0.128/25'))).to.deep.equal([]);
    await firewall().apply(set('10.0.0.0/24', '10.0.0.128-10.0.5.7', '10.9.0.0/16'));
    expect(elementsIn(firewall().print())).to.equal('10.0.0.0-10.0.5.7, 10.9.0.0/16');
    expect(firewall().print()).to.include('auto-merge');
  });

  it('writes 20,000 elements in one transaction, and compares them', async function () {
    this.timeout(60_000);
    const elements = Array.from({ length: 20_000 }, (_, index) => `10.${index >> 14}.${(index >> 7) & 127}.${(index & 127) * 2}`);
    const set = (list: readonly string[]): FirewallTable => table({ sets: [{ name: 's', type: 'ipv4_addr', elements: list }] });
    const before = await firewall().generation();
    await firewall().apply(set(elements));
    expect(await firewall().generation()).to.equal(before + 1);
    expect(await firewall().plan(set(elements.slice(1)))).to.deep.equal([`- element ip app s: ${elements[0]!}`]);
    expect(await firewall().plan(set(elements))).to.deep.equal([]);
  });
});
