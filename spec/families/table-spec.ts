import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { FAMILIES } from '../../scripts/check-specs/families.js';
import { listFixtures, readFixture } from './fixture.js';
import { seenAttributes } from './seen.js';

const PAGE = new URL('../../docs/families.md', import.meta.url);

/** Of each family how many attributes were met: sent by kernels, and in all fixtures. */
function counted(): string[] {
  return FAMILIES.flatMap((schema) => {
    const fixtures = listFixtures().filter(({ family }) => family === schema.source);
    const seen = (built: boolean): number =>
      new Set(
        fixtures.filter(({ origin }) => built || origin !== 'built').flatMap((each) => [...seenAttributes(schema, readFixture(each))]),
      ).size;
    return [`| ${schema.source} | ${String(fixtures.length)} | ${String(seen(false))} | ${String(seen(true))} |`];
  });
}

describe('docs/families.md', () => {
  it('says how many attributes of each family were met in fixtures', () => {
    const rows = readFileSync(PAGE, 'utf8')
      .split('\n')
      .map((line) => line.replaceAll(/ +/g, ' ').trim());
    expect(rows).to.include.members(counted());
  });
});
