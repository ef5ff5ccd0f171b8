import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { FAMILIES } from '../../scripts/check-specs/families.js';
import { needsOrderOf } from '../support/host-order.js';
import { listFixtures, readFixture } from './fixture.js';
import { allAttributes, seenAttributes } from './seen.js';

const PAGE = new URL('../../docs/contributing/families.md', import.meta.url);

/** Returns the table rows with the number of attributes that kernels sent, and of those in all fixtures. */
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

describe('docs/contributing/families.md', () => {
  const rows = readFileSync(PAGE, 'utf8')
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim());

  it('lists the number of attributes of each family', () => {
    const listed = rows.filter((row) => row.split('|').length > 7).map((row) => row.split(' | ', 2).join(' | '));
    expect(listed).to.include.members(FAMILIES.map((schema) => `| ${schema.source} | ${String(allAttributes(schema).length)}`));
  });

  it('lists the number of attributes of each family that occur in fixtures', function () {
    for (const fixture of listFixtures()) needsOrderOf(this, readFixture(fixture));
    expect(rows).to.include.members(counted());
  });
});
