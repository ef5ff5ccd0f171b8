import { existsSync, readFileSync } from 'node:fs';

import { expect } from 'chai';
import { omitUndefined } from '../../lib/check/index.js';

import type { AttributeSchema, FamilySchema, MemberSchema } from '../../lib/schema/descriptor/descriptor.js';
import { compareWithHeaders, type Comparison } from '../../scripts/check-specs/compare.js';
import { exceptionFor, exceptionsOf } from '../../scripts/check-specs/exceptions/exception.js';
import type { HeaderNames } from '../../scripts/check-specs/header-names.js';
import { headersVersion } from '../../scripts/check-specs/headers.js';
import { lackingAttributes } from '../../scripts/check-specs/lacking.js';
import { findProgram } from '../../scripts/support/command.js';
import { skipBecause } from '../support/namespace.js';

const NAMES: HeaderNames = {
  headers: ['linux/rtnetlink.h', 'linux/if_link.h', 'linux/openvswitch.h'],
  sets: { links: 'IFLA_' },
  enums: { types: 'RTN_' },
  operations: { prefix: 'RTM_', replies: [['GET', 'NEW']] },
};

const member = (name: string, offset: number, type: 'u32' | 's32', byteOrder?: 'big'): MemberSchema => ({
  ...{ name, property: name, type, offset, size: 4 },
  ...omitUndefined({ byteOrder }),
});

/** Returns a correct family with the given parts. */
function family(parts: Partial<FamilySchema>): FamilySchema {
  const empty = { enums: [], structs: [], sets: [], subMessages: [], operations: [], groups: [] };
  return { schema: 1, name: 'route', source: 'route', protocol: 0, ...empty, ...parts };
}

const compare = (parts: Partial<FamilySchema>): Comparison => compareWithHeaders(family(parts), NAMES, new Map());
const subjects = ({ differences }: Comparison): string[] => differences.map(({ subject }) => subject);

describe('check:specs', () => {
  before(function () {
    if (findProgram('gcc') === undefined) skipBecause(this, 'gcc is not installed');
    if (!existsSync('/usr/include/linux/if_link.h')) skipBecause(this, "the kernel's headers are not installed");
  });

  it('finds no difference in correct parts', () => {
    const comparison = compare({
      sets: [{ name: 'links', attributes: [{ name: 'ifname', property: 'ifname', id: 3, type: 'string' }] }],
      enums: [{ name: 'types', kind: 'enum', entries: [['unicast', 1]] }],
      operations: [{ name: 'getlink', do: { request: 18, reply: 16 } }],
      groups: [{ name: 'rtnlgrp-link', number: 1 }],
    });
    expect(comparison).to.include({ compared: 5, comparedWithKernel: 0 });
    expect(comparison.differences).to.deep.equal([]);
    expect(comparison.unnamed).to.deep.equal([]);
  });

  it('finds wrong numbers of attributes, entries, messages and groups', () => {
    const comparison = compare({
      sets: [{ name: 'links', attributes: [{ name: 'ifname', property: 'ifname', id: 4, type: 'string' }] }],
      enums: [{ name: 'types', kind: 'enum', entries: [['unicast', 0]] }],
      operations: [{ name: 'getlink', do: { request: 18, reply: 18 } }],
      groups: [{ name: 'rtnlgrp-link', number: 2 }],
    });
    expect(subjects(comparison)).to.deep.equal(['attribute links/ifname', 'entry types/unicast', 'do reply getlink', 'group rtnlgrp-link']);
    expect(comparison.differences[0]).to.include({ described: '4', found: '3 (IFLA_IFNAME)' });
  });

  it('finds wrong sizes, offsets, signs and byte orders of structs', () => {
    const wrong = compare({ structs: [{ name: 'ovs-header', size: 8, members: [member('dp_ifindex', 4, 'u32', 'big')] }] });
    expect(subjects(wrong)).to.deep.equal([
      'struct ovs-header',
      'member ovs-header/dp_ifindex offset',
      'member ovs-header/dp_ifindex big-endian',
      'member ovs-header/dp_ifindex signed',
    ]);
    const label = { name: 'ovs-key-mpls', size: 4 };
    expect(subjects(compare({ structs: [{ ...label, members: [member('mpls_lse', 0, 'u32', 'big')] }] }))).to.deep.equal([]);
    expect(subjects(compare({ structs: [{ ...label, members: [member('mpls_lse', 0, 'u32')] }] }))).to.deep.equal([
      'member ovs-key-mpls/mpls_lse big-endian',
    ]);
  });

  it("lists attributes without a name in the headers, and compares them with the kernel's numbers", () => {
    const sets = [{ name: 'links', attributes: [{ name: 'invented', property: 'invented', id: 7, type: 'u32' as const }] }];
    expect(compare({ sets }).unnamed).to.deep.equal([
      { family: 'route', subject: 'attribute links/invented', expression: 'IFLA_INVENTED' },
    ]);
    const compared = compareWithHeaders(family({ sets }), NAMES, new Map([['IFLA_INVENTED', 8n]]));
    expect(compared).to.include({ comparedWithKernel: 1 });
    expect(subjects(compared)).to.deep.equal(['attribute links/invented']);
  });

  it('lists attributes that only the headers have', () => {
    const statistics: HeaderNames = { headers: NAMES.headers, sets: { stats: 'IFLA_STATS_' }, operations: { prefix: 'RTM_' } };
    const attribute = (name: string, id: number): AttributeSchema => ({ name, property: name, id, type: 'binary' });
    const known = [attribute('link-64', 1), attribute('link-xstats', 2), attribute('LINK-XSTATS-SLAVE', 3)];
    const named = (sets: FamilySchema['sets'], more: Partial<HeaderNames> = {}): unknown =>
      lackingAttributes(family({ sets }), { ...statistics, ...more }).map(({ sets: whose, enumerator, value }) => [
        whose,
        enumerator,
        value,
      ]);
    expect(named([{ name: 'stats', attributes: known }])).to.deep.equal([
      [['stats'], 'IFLA_STATS_LINK_OFFLOAD_XSTATS', 4],
      [['stats'], 'IFLA_STATS_AF_SPEC', 5],
    ]);
    const shared = [
      { name: 'stats', attributes: known },
      { name: 'others', attributes: [attribute('af-spec', 5)] },
    ];
    expect(named(shared, { sets: { stats: 'IFLA_STATS_', others: 'IFLA_STATS_' } })).to.deep.equal([
      [['stats', 'others'], 'IFLA_STATS_LINK_OFFLOAD_XSTATS', 4],
    ]);
    expect(named([{ name: 'stats', attributes: known }], { excerpts: ['stats'] })).to.deep.equal([]);
  });

  it('applies an exception only if its pattern matches the whole subject', () => {
    const list = [{ family: 'tc', subject: 'member a/* size', reason: 'no length' }];
    expect(exceptionFor(list, 'tc', 'member a/keys size')?.reason).to.equal('no length');
    expect(exceptionFor(list, 'tc', 'member a/keys size too')).to.equal(undefined);
    expect(exceptionFor(list, 'rt-link', 'member a/keys size')).to.equal(undefined);
  });

  it('applies an exception only to the versions of headers that need it', () => {
    const of = { family: 'tc', reason: 'another order' };
    const list = [
      { ...of, subject: 'always' },
      { ...of, subject: 'older', before: '6.18' },
      { ...of, subject: 'newer', since: '6.18' },
    ];
    const subjects = (version: string): string[] => exceptionsOf(list, version).map(({ subject }) => subject);
    expect(subjects('6.2')).to.deep.equal(['always', 'older']);
    expect(subjects('6.17')).to.deep.equal(['always', 'older']);
    expect(subjects('6.18')).to.deep.equal(['always', 'newer']);
    expect(subjects('7.0')).to.deep.equal(['always', 'newer']);
  });

  it('knows the version of the headers that the compiler finds', () => {
    const code = Number(/LINUX_VERSION_CODE (\d+)/.exec(readFileSync('/usr/include/linux/version.h', 'utf8'))?.[1]);
    expect(headersVersion()).to.equal(`${Math.floor(code / 65536)}.${Math.floor(code / 256) % 256}`);
  });
});
