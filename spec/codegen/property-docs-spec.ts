import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { docs } from '../../lib/codegen/docs/index.js';
import { docComment, escapeDoc, PropertyDocs } from '../../lib/codegen/write/property-docs.js';
import { TypeNames } from '../../lib/codegen/write/type-names.js';
import { writeFamily } from '../../lib/codegen/write/write-family.js';
import type { FamilySchema, ValueSchema } from '../../lib/schema/descriptor/descriptor.js';
import { loadSchema, sources } from './generated.js';
import { read } from './specifications.js';

type Property = ValueSchema & { readonly name: string; readonly property: string };

const INTEGER = /^(?:[us](?:8|16|32|64)|[us]int)$/;

/** The words in names of properties that have a unit. */
const MEASURED =
  /time|interval|(?:^|-)age?ing|(?:^|-)age$|delay|rate|expire|valid|prefered|latency|jitter|period|rtt|tstamp|-ts$|tsage|idle|horizon|target|used|confirmed|updated|freq|speed|signal|power|burst|buffer|quant|slope|rand|flush|msecs|miimon|slack|keepalive|headroom|dbm/;

/** The numbers whose name has such a word although it needs no comment, with the reason. */
const CLEAR: Readonly<Record<string, string>> = {
  'devlink devlink rate-tx-priority': 'no unit: an order',
  'devlink devlink rate-tx-weight': 'no unit: a share',
  'ethtool linkmodes rate-matching': 'RATE_MATCH_* of the kernel, in no uapi header',
  'ethtool ts-stat tx-onestep-pkts-unconfirmed': 'a count of packets',
  'ethtool module power-mode-policy': 'a choice of linux/ethtool.h',
  'ethtool tsinfo hwtstamp-phyindex': 'an index',
  'ethtool module power-mode': 'a choice of linux/ethtool.h',
  'mptcp_pm event-attr timeout': 'the header does not name its unit',
  'nfsd rpc-status service-time': 'the header does not name its unit',
  'nl80211 nl80211-attrs bss-short-slot-time': 'a choice: 0 or 1',
  'nl80211 nl80211-attrs wiphy-tx-power-setting': 'a choice of linux/nl80211.h',
  'nl80211 nl80211-attrs local-mesh-power-mode': 'a choice of linux/nl80211.h',
  'nl80211 nl80211-attrs timeout-reason': 'a choice of linux/nl80211.h',
  'nl80211 nl80211-attrs timeout': 'another unit in each command',
  'nl80211 nl80211-attrs airtime-weight': 'no unit: a share',
  'nl80211 nl80211-attrs sta-tx-power-setting': 'a choice of linux/nl80211.h',
  'nl80211 nl80211-attrs max-hw-timestamp-peers': 'a count of peers',
  'nl80211 sta-info airtime-weight': 'no unit: a share',
  'nl80211 sta-info airtime-link-metric': 'no unit: a metric of IEEE 802.11s',
  'nl80211 mesh-config power-mode': 'a choice of linux/nl80211.h',
  'nl80211 mbssid-config max-ema-profile-periodicity': 'a count of beacons',
};

type Owner = [kind: 'struct' | 'set', owner: string, properties: readonly Property[]];

function owners({ structs, sets }: FamilySchema): Owner[] {
  return [
    ...structs.map(({ name, members }): Owner => ['struct', name, members]),
    ...sets.filter(({ subsetOf }) => subsetOf === undefined).map(({ name, attributes }): Owner => ['set', name, attributes]),
  ];
}

const moduleOf = (source: string): string => readFileSync(new URL(`../../lib/families/generated/${source}.ts`, import.meta.url), 'utf8');

/** Returns true if a doc comment is directly above a property of an interface. */
function isDocumented(module: string, type: string, property: string): boolean {
  const [, body] = new RegExp(`\\nexport interface ${type}(?:Fields)? (?:extends WithUnknown )?\\{\\n([^]*?)\\n\\}`).exec(module) ?? [];
  if (body === undefined) throw new Error(`the module has no interface ${type}`);
  const key = /^[A-Za-z_$][\w$]*$/.test(property) ? property : `'${property}'`;
  return body.includes(`*/\n  readonly ${key}?: `) || body.includes(`*/\n  readonly ${key}: `);
}

describe('codegen: doc comments of properties', () => {
  it('exist for every number with a unit, except those whose name contains it', async () => {
    const bare: string[] = [];
    for (const source of sources) {
      const module = moduleOf(source);
      const schema = await loadSchema(source);
      const names = new TypeNames(schema);
      for (const [kind, owner, properties] of owners(schema)) {
        for (const { name, property, type, enum: choice, flags } of properties) {
          if (!INTEGER.test(type) || choice !== undefined || flags !== undefined || !MEASURED.test(name)) continue;
          if (!isDocumented(module, names.of(kind, owner), property)) bare.push(`${source} ${owner} ${name}`);
        }
      }
    }
    expect(bare.filter((subject) => CLEAR[subject] === undefined)).to.deep.equal([]);
  });

  for (const [source, list] of Object.entries(docs)) {
    it(`of ${source} belong to properties, and link to constants of its module`, async () => {
      const known = new Map(owners(await loadSchema(source)).map(([, owner, properties]) => [owner, properties]));
      const module = moduleOf(source);
      for (const { of, header, docs: texts } of list) {
        expect(header).to.match(/^linux\/[\w/]+\.h$/);
        expect(known.has(of), of).to.equal(true);
        for (const [name, text] of Object.entries(texts)) {
          expect(
            known.get(of)!.map((property) => property.name),
            of,
          ).to.include(name);
          for (const [, link] of text.matchAll(/\{@link (\w+)\}/g)) expect(module).to.include(`export const ${link!} = {`);
        }
      }
    });
  }

  const schema = read(`
definitions:
  - { name: level, type: enum, entries: [low, { name: high, value: 9 }] }
  - { name: head, type: struct, members: [{ name: size, type: u8 }] }
attribute-sets:
  - { name: main, attributes: [{ name: wait, type: u32 }, { name: rest, type: u32 }] }
  - { name: part, subset-of: main, attributes: [{ name: wait }] }
operations: { fixed-header: head, list: [{ name: get, attribute-set: main, do: { request: {}, reply: {} } }] }
`);
  const specification = {
    definitions: [{ name: 'head', members: [{ name: 'size', doc: 'Of it\nall' }] }],
    'attribute-sets': [
      {
        name: 'main',
        attributes: [
          { name: 'wait', doc: 'Overruled' },
          { name: 'rest', doc: 'ends */ here {@link x}' },
        ],
      },
      { name: 'part', 'subset-of': 'main', attributes: [{ name: 'wait' }] },
    ],
  };

  it('come from this project, else from the specification, and apply to subsets', () => {
    const found = new PropertyDocs(specification, [{ of: 'main', header: 'linux/a.h', docs: { wait: 'In jiffies, see {@link Level}.' } }]);
    const text = writeFamily(schema, 'sample.yaml', found);
    expect(text.match(/\/\*\* In jiffies, see \{@link Level\}\. \*\/\n {2}readonly wait\?: number;/g)).to.have.lengthOf(2);
    expect(text).to.include('  /** Of it all */\n  readonly size: number;');
    expect(text).to.include('  /** ends * / here \\{\\@link x\\} */\n  readonly rest?: number;');
  });

  it('cannot be ended by a text of the specification', () => {
    expect(() => new PropertyDocs({}, [{ of: 'main', header: 'linux/a.h', docs: { wait: 'a */ b' } }])).to.throw(
      RangeError,
      "expected one line without '*/'",
    );
    expect(escapeDoc(' a\u2028b **/ `c` ``c`` <d> @e \\ ')).to.equal("a b ** / 'c' 'c' \\<d\\> \\@e \\\\");
  });

  it('are wrapped between words when they are long', () => {
    const lines = docComment(Array.from({ length: 60 }, () => 'word').join(' '), '  ');
    expect(lines[0]).to.equal('  /**');
    expect(lines.at(-1)).to.equal('   */');
    expect(lines.every((line) => line.length <= 140)).to.equal(true);
    expect(docComment('Short.', '  ')).to.deep.equal(['  /** Short. */']);
  });

  it('are absent for an enum that no value is decoded to, which becomes an object of constants', () => {
    const text = writeFamily(schema, 'sample.yaml');
    expect(text).to.include('export const Level = {\n  Low: 0,\n  High: 9,\n} as const;\nObject.freeze(Level);');
    expect(text).not.to.include('export type Level');
  });
});
