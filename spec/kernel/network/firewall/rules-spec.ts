import { expect } from 'chai';
import { compileRule } from '../../../../lib/network/firewall/rules/compile-rule.js';
import { readRule } from '../../../../lib/network/firewall/rules/read-rule.js';
import type { FirewallFamily } from '../../../../lib/network/firewall/rules/rule-context.js';
import { normalText } from '../../../../lib/network/firewall/rules/same-expressions.js';
import { usePrograms } from '../../../support/programs.js';
import { useNamespace } from '../../../support/namespace.js';
import { chainText, contextOf, loadText, readRows, writeRules } from './loaded-rules.js';
import { RULES } from './rule-rows.js';

describe('rules of a firewall, beside nft', () => {
  usePrograms('nft');
  const namespace = useNamespace();

  for (const [name, rows] of Object.entries(RULES)) {
    const family = name as FirewallFamily;

    it(`compile to the expressions of nft, and are read back, in a table of the family ${family}`, async () => {
      loadText(
        namespace(),
        family,
        rows.map(([, text]) => text),
      );
      const found = await readRows(namespace(), family);
      expect(found).to.have.length(rows.length);
      rows.forEach(([rule, text, read = rule], index) => {
        expect([text, normalText(compileRule(rule, contextOf(family)))]).to.deep.equal([text, normalText(found[index]!)]);
        expect([text, readRule(found[index]!, undefined, contextOf(family))]).to.deep.equal([text, read]);
      });
    });

    it(`print as nft wrote them, in a table of the family ${family}`, async () => {
      const texts = rows.map(([, text]) => text);
      const printed = loadText(namespace(), family, texts);
      loadText(namespace(), family, []);
      const rules = rows.map(([rule]) => compileRule(rule, contextOf(family)));
      await writeRules(namespace(), family, rules);
      expect(chainText(namespace(), family)).to.equal(printed);
    });
  }
});
