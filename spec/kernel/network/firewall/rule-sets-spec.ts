import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { skipBecause } from '../../../support/namespace.js';
import { useFirewall } from './firewall.js';

/** Rule sets in the language of `nft`, by name, one line an entry: those of a router, docker, firewalld, libvirt, kube-proxy, and single features. */
const RULE_SETS = JSON.parse(readFileSync(new URL('../../../fixtures/firewall/rule-sets.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>;

/** The links that some rule sets name. */
const LINKS = ['d0', 'd1'];

describe('rule sets of nft, described and applied in an empty namespace', function () {
  this.timeout(60_000);
  const source = useFirewall();
  const target = useFirewall();
  before(() => {
    for (const { namespace } of [source(), target()]) namespace.batch(LINKS.map((name) => `link add ${name} type ifb`));
  });

  /** Remaining times run, and are not compared. */
  const stable = (text: string): string => text.replace(/ expires \S+/g, '');

  for (const [name, lines] of Object.entries(RULE_SETS))
    it(`${name}: nft prints the same, and a second plan is empty`, async function () {
      try {
        source().load(`${lines.join('\n')}\n`);
      } catch (error) {
        skipBecause(this, 'this kernel or this nft lacks a feature of the rule set', error);
      }
      const tables = await source().describe();
      expect(await source().plan(...tables)).to.deep.equal([]);
      await target().apply(...tables);
      expect(await target().plan(...tables)).to.deep.equal([]);
      const [wanted, printed] = [stable(source().print()), stable(target().print())];
      expect(printed).to.equal(wanted);
    });
});
