import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { contractCases } from './cases.js';

describe('docs/contributing/contract.md', () => {
  it('lists every case of the contract and no other', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/contributing/contract.md'), 'utf8');
    const listed = text.match(/^(## |- ).*/gm);
    const cases = Object.entries(contractCases).flatMap(([theme, list]) => [`## ${theme}`, ...list.map(({ title }) => `- ${title}`)]);
    expect(listed).to.deep.equal(cases);
  });
});
