import { readFileSync } from 'node:fs';
import { expect } from 'chai';

/** Source and result of the picture in a file's doc comment: what stands between a row's name and its remarks. */
function marblesOf(source: string): string[] {
  const [, picture = ''] = /```text\n([^]*?)```/.exec(source) ?? [];
  return [...picture.matchAll(/^ \* (?:source|result): +(.+?)(?: {3,}.*)?$/gm)].map(([, marble = '']) => marble.trim());
}

describe('The marbles in the doc comments of live operators', () => {
  for (const name of ['rates', 'settle', 'flaps']) {
    it(`of ${name} are those of its spec`, () => {
      const marbles = marblesOf(readFileSync(new URL(`../../lib/live/${name}.ts`, import.meta.url), 'utf8'));
      const spec = readFileSync(new URL(`${name}-spec.ts`, import.meta.url), 'utf8');
      const inSpec = [...spec.matchAll(/'([^'\n]*)'/g)].map(([, text = '']) => text.trim());
      expect(marbles).to.have.lengthOf(2);
      expect(inSpec).to.include.members(marbles);
    });
  }
});
