import { readFileSync } from 'node:fs';
import { expect } from 'chai';

/** Returns the source and result rows of the marble diagram in a file's doc comment, without names and remarks. */
function marblesOf(source: string): string[] {
  const [, picture = ''] = /```text\n([^]*?)```/.exec(source) ?? [];
  return [...picture.matchAll(/^ \* (?:source|result): +(.+?)(?: {3,}.*)?$/gm)].map(([, marble = '']) => marble.trim());
}

describe('marble diagrams in the doc comments of live operators', () => {
  for (const name of ['rates', 'settle', 'flaps', 'to-map', 'coalesce']) {
    it(`of ${name} are equal to those of its spec`, () => {
      const marbles = marblesOf(readFileSync(new URL(`../../lib/live/${name}.ts`, import.meta.url), 'utf8'));
      const spec = readFileSync(new URL(`${name}-spec.ts`, import.meta.url), 'utf8');
      const inSpec = [...spec.matchAll(/'([^'\n]*)'/g)].map(([, text = '']) => text.trim());
      expect(marbles).to.have.lengthOf(2);
      expect(inSpec).to.include.members(marbles);
    });
  }
});
