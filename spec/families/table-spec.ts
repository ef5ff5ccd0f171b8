import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { FAMILIES } from '../../scripts/check-specs/families.js';
import { needsOrderOf } from '../support/host-order.js';
import { listFixtures, readFixture } from './fixture.js';
import { allAttributes, seenAttributes } from './seen.js';

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
  const rows = readFileSync(PAGE, 'utf8')
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim());

  it('says how many attributes each family has', () => {
    const told = rows.filter((row) => row.split('|').length > 7).map((row) => row.split(' | ', 2).join(' | '));
    expect(told).to.include.members(FAMILIES.map((schema) => `| ${schema.source} | ${String(allAttributes(schema).length)}`));
  });

  it('says how many attributes of each family were met in fixtures', function () {
    for (const fixture of listFixtures()) needsOrderOf(this, readFixture(fixture));
    expect(rows).to.include.members(counted());
  });
});
