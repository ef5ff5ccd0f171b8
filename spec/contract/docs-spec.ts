import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { contractCases } from './cases.js';

describe('docs/testing.md', () => {
  it('lists the cases of the contract, all of them and no other', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/testing.md'), 'utf8');
    const listed = text.slice(text.indexOf('## The contract')).match(/^(### |- ).*/gm);
    const cases = Object.entries(contractCases).flatMap(([theme, list]) => [`### ${theme}`, ...list.map(({ title }) => `- ${title}`)]);
    expect(listed).to.deep.equal(cases);
  });
});
