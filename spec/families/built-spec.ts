import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { command, findProgram, tryCommand } from '../../scripts/support/command.js';
import { RELEASES } from '../../scripts/support/debian/releases.js';
import { skipBecause } from '../support/namespace.js';
import { listFixtures } from './fixture.js';

const SOURCES = fileURLToPath(new URL('../fixtures/capture/built/', import.meta.url));

/** The headers of the newest kernel, if `check:specs --headers 7.x` has downloaded them. */
const NEWEST = fileURLToPath(new URL(`../../.cache/headers/${RELEASES['7']!}/usr/include`, import.meta.url));
/** The headers are missing, or older than the family. */
const LACKS_HEADER = /fatal error: (?:linux|drm)/;

/** Runs a program with the headers of this machine, or with newer ones if those lack the family. */
function build(program: string): ReturnType<typeof tryCommand> {
  const result = tryCommand('sh', [`${SOURCES}build.sh`, program]);
  if (!LACKS_HEADER.test(result.stderr) || !existsSync(NEWEST)) return result;
  const architecture = command('gcc', ['-print-multiarch']).toString().trim();
  const folders = [NEWEST, `${NEWEST}/${architecture}`].join(':');
  return tryCommand('env', [`C_INCLUDE_PATH=${folders}`, 'sh', `${SOURCES}build.sh`, program]);
}

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
      const { status, stdout, stderr } = build(programOf(fixture));
      if (LACKS_HEADER.test(stderr))
        skipBecause(this, "the kernel's headers lack the family; npm run check:specs -- --headers 7.x gets newer ones");
      expect(status, stderr).to.equal(0);
      expect(stdout.toString()).to.equal(readFileSync(fixture.path, 'utf8'));
    });
  }
});
