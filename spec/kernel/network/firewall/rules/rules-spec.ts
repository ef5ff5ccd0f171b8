import { expect } from 'chai';
import { compileRule } from '../../../../../lib/network/firewall/rules/compile-rule.js';
import type { Statement } from '../../../../../lib/network/firewall/rules/statement.js';
import { readRule } from '../../../../../lib/network/firewall/rules/read-rule.js';
import { normalText } from '../../../../../lib/network/firewall/rules/same-expressions.js';
import { usePrograms } from '../../../../support/programs.js';
import { useNamespace } from '../../../../support/namespace.js';
import { acceptedRules, chainText, contextOf, loadText, readRows, writeRules } from './loaded-rules.js';
import { SCENES } from './rule-scenes.js';

/** The links that some rules name, with the index in them. */
const LINKS = { d0: 12, d1: 13 };

/** The output of `nft -j list chain`. */
interface Printed {
  readonly nftables: readonly { readonly rule?: { readonly expr: readonly Statement[] } }[];
}

/** Rules of which `nft -j` prints less than the kernel has. It omits a condition that a later field implies. */
const LOSSY: readonly string[] = [
  'ip protocol tcp tcp dport 22',
  'ip protocol tcp tcp dport 5',
  'ip6 nexthdr tcp tcp dport 5',
  '@th,0,64 & 0xff00 == 0x1200',
  'icmp code set 5',
  'icmp type set echo-reply',
  'icmpv6 code set 5',
  'igmp mrt set 5',
  'meta l4proto tcp @th,16,16 set 5',
  'ip saddr 1.1.1.1 @nh,128,32 set 5',
  'meta mark set ip6 flowlabel',
  'meta mark set vlan id',
];

/** Rules that have no form except expressions. */
const RAW: readonly string[] = [
  'tcp dport { 1-5, 3-9 } accept',
  'meta mark set ct mark >> 8',
  'meta mark set meta mark or ct mark',
  'rt0 addr[1] ::1',
  'frag frag-off & 0x5 == 5',
];

/** `nft` prints the names of links where the kernel has their indexes. */
const withIndexes = (json: string): string =>
  Object.entries(LINKS).reduce((text, [name, index]) => text.replaceAll(`"${name}"`, String(index)), json);

describe('rules of a firewall, beside nft', () => {
  usePrograms('nft');
  const namespace = useNamespace();
  before(() => {
    namespace().batch(Object.entries(LINKS).map(([name, index]) => `link add ${name} index ${index} type ifb`));
  });

  for (const { family, chain = '', rows: all } of SCENES) {
    const acceptedRows = (): typeof all => {
      const accepted = new Set(
        acceptedRules(
          namespace(),
          family,
          all.map(([, text]) => text),
          chain,
        ),
      );
      return all.filter(([, text]) => accepted.has(text));
    };
    const place = `in a ${chain === '' ? 'chain' : 'base chain'} of the family ${family}${chain === '' ? '' : `, ${chain}`}`;

    it(`compile to the expressions of nft, and are read back, ${place}`, async () => {
      const rows = acceptedRows();
      loadText(
        namespace(),
        family,
        rows.map(([, text]) => text),
        chain,
      );
      const found = await readRows(namespace(), family);
      expect(found).to.have.length(rows.length);
      rows.forEach(([rule, text, read = rule], index) => {
        expect([text, normalText(compileRule(rule, contextOf(family)))]).to.deep.equal([text, normalText(found[index]!)]);
        expect([text, readRule(found[index]!, undefined, contextOf(family))]).to.deep.equal([text, read]);
      });
    });

    it(`compile from the output of nft -j, ${place}`, async () => {
      const texts = acceptedRows()
        .map(([, text]) => text)
        .filter((text) => !LOSSY.includes(text));
      loadText(namespace(), family, texts, chain);
      const found = await readRows(namespace(), family);
      const json = namespace().run('nft', '-j', 'list', 'chain', family, 't', 'c');
      const printed = JSON.parse(withIndexes(json)) as Printed;
      const pasted = printed.nftables.flatMap(({ rule }) => (rule === undefined ? [] : [rule.expr]));
      expect(pasted).to.have.length(texts.length);
      pasted.forEach((then, index) => {
        const text = texts[index];
        expect([text, normalText(compileRule({ then }, contextOf(family)))]).to.deep.equal([text, normalText(found[index]!)]);
      });
    });

    it(`print as nft wrote them, ${place}`, async () => {
      const rows = acceptedRows();
      const texts = rows.map(([, text]) => text);
      const printed = loadText(namespace(), family, texts, chain);
      loadText(namespace(), family, [], chain);
      const rules = rows.map(([rule]) => compileRule(rule, contextOf(family)));
      await writeRules(namespace(), family, rules);
      expect(chainText(namespace(), family)).to.equal(printed);
    });
  }

  it('are read as expressions, and written, if they have no other form', async () => {
    const printed = loadText(namespace(), 'inet', acceptedRules(namespace(), 'inet', RAW));
    const found = await readRows(namespace(), 'inet');
    const rules = found.map((rule) => readRule(rule, 'raw', contextOf('inet')));
    expect(rules.filter(({ expressions, comment }) => expressions === undefined || comment !== 'raw')).to.deep.equal([]);
    const compiled = rules.map((rule) => compileRule(rule, contextOf('inet')));
    compiled.forEach((rule, index) => {
      expect(normalText(rule)).to.equal(normalText(found[index]!));
    });
    loadText(namespace(), 'inet', []);
    await writeRules(namespace(), 'inet', compiled);
    expect(chainText(namespace(), 'inet')).to.equal(printed);
  });
});
