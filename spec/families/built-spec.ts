import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { findProgram, tryCommand } from '../../scripts/support/command.js';
import { skipBecause } from '../support/namespace.js';
import { listFixtures } from './fixture.js';

const SOURCES = fileURLToPath(new URL('../fixtures/capture/built/', import.meta.url));

/** Returns the name of the program that prints a fixture, `<family>-<name>`. */
const programOf = ({ family, name }: { readonly family: string; readonly name: string }): string => `${family}-${name}`;

describe("fixtures that were built from the kernel's headers", () => {
  const built = listFixtures().filter(({ origin }) => origin === 'built');

  it('have one program each, and every program has a fixture', () => {
    const programs = readdirSync(SOURCES).flatMap((file) => (file.endsWith('.c') ? [file.slice(0, -2)] : []));
    expect(built.map(programOf)).to.have.members(programs);
  });

  for (const fixture of built) {
    it(`are printed again by their program: ${programOf(fixture)}`, function () {
      if (findProgram('gcc') === undefined) skipBecause(this, 'gcc is not installed');
      const { status, stdout, stderr } = tryCommand('sh', [`${SOURCES}build.sh`, programOf(fixture)]);
      // The headers are missing, or older than the family.
      if (/fatal error: (?:linux|drm)/.test(stderr)) skipBecause(this, "the kernel's headers lack the family");
      expect(status, stderr).to.equal(0);
      expect(stdout.toString()).to.equal(readFileSync(fixture.path, 'utf8'));
    });
  }
});
