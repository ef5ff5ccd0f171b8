import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { findProgram, tryCommand } from '../../scripts/support/command.js';
import { skipBecause } from '../support/namespace.js';
import { listFixtures } from './fixture.js';

const SOURCES = fileURLToPath(new URL('../fixtures/capture/built/', import.meta.url));

/** The program that a fixture is printed by: `<family>-<name>.c`. */
const programOf = ({ family, name }: { readonly family: string; readonly name: string }): string => `${family}-${name}`;

describe('fixtures that were built from the headers of the kernel', () => {
  const built = listFixtures().filter(({ origin }) => origin === 'built');

  it('have a program each, and no program is without its fixture', () => {
    const programs = readdirSync(SOURCES).flatMap((file) => (file.endsWith('.c') ? [file.slice(0, -2)] : []));
    expect(built.map(programOf)).to.have.members(programs);
  });

  for (const fixture of built) {
    it(`${programOf(fixture)}: the program prints them again`, function () {
      if (findProgram('gcc') === undefined) skipBecause(this, 'there is no gcc here');
      const { status, stdout, stderr } = tryCommand('sh', [`${SOURCES}build.sh`, programOf(fixture)]);
      // Headers older than the family, or none at all.
      if (/fatal error: linux/.test(stderr)) skipBecause(this, 'the headers of the kernel lack the family');
      expect(status, stderr).to.equal(0);
      expect(stdout.toString()).to.equal(readFileSync(fixture.path, 'utf8'));
    });
  }
});
