import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

const OPERATORS = new URL('../../lib/operators/', import.meta.url);

/** Returns the marbles in the first `text` fence of a file: the text between a row's name and its remarks. */
function marblesOf(source: string): string[] {
  const [, picture = ''] = /```text\n([^]*?)```/.exec(source) ?? [];
  return [...picture.matchAll(/^ \* [^:()]+: +(\S+)/gm)].map(([, marble = '']) => marble);
}

describe('The marbles in the operators doc comments', () => {
  for (const file of readdirSync(OPERATORS)) {
    const source = readFileSync(new URL(file, OPERATORS), 'utf8');
    if (!/@public/.test(source) || file === 'index.ts') continue;
    it(`of ${file} equal those of its spec`, () => {
      const spec = readFileSync(new URL(file.replace(/\.ts$/, '-spec.ts'), import.meta.url), 'utf8');
      const inSpec = [...spec.matchAll(/'([^'\n]*)'/g)].map(([, text = '']) => text.trim());
      const marbles = marblesOf(source);
      expect(marbles.length, 'a source, a result, a subscription').to.be.at.least(3);
      for (const marble of marbles) {
        // A row that begins later starts with spaces in the doc comment, and with dashes in the subscription row of a spec.
        expect(
          inSpec.some((text) => text === marble || (marble.startsWith('^') && text.replace(/^-+/, '') === marble)),
          marble,
        ).to.equal(true);
      }
    });
  }
});
