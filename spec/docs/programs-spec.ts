import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { useNamespace } from '../support/namespace.js';
import { programsIn } from './programs.js';
import { spawnSync } from '../support/programs.js';

const root = resolve(import.meta.dirname, '../..');
// Inside the package, so that the programs can import it by its name.
const folder = join(root, '.cache/docs');
const pages = ['README.md', ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [join('docs', name)] : []))];
const programs = pages.flatMap((page) => programsIn(root, page)).map((program, index) => ({ ...program, file: `program-${index}.ts` }));

describe('programs in the documentation', function () {
  this.timeout(30_000);
  const namespace = useNamespace();

  before(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const { file, text } of programs) writeFileSync(join(folder, file), `${text}\nexport {};\n`);
    const compilerOptions = { isolatedDeclarations: false, declaration: false };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'] }));
  });

  it('are found in README.md', () => {
    expect(programs.filter(({ title }) => title.startsWith('README.md'))).to.have.lengthOf.at.least(3);
  });

  it('compile', () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--noEmit', '--pretty', 'false'], { cwd: root, encoding: 'utf8' });
    expect(stdout).to.equal('');
  });

  for (const { title, file, endless } of programs) {
    it(`${endless ? 'run until they are stopped' : 'run to their end'}: ${title}`, async () => {
      // The shell merges stderr into stdout, so that the spec can check both.
      const run = ['--import', 'tsx', join(folder, file)];
      const child = namespace().start('sh', '-c', 'exec 2>&1; exec "$@"', 'sh', process.execPath, ...run);
      const stdout = text(child.stdout!);
      const exit = once(child, 'exit');
      if (endless) {
        await Promise.race([once(child.stdout!, 'readable'), exit]);
        expect(child.exitCode, 'ended by itself').to.equal(null);
        child.kill('SIGKILL');
      }
      const [code] = (await exit) as [number | null];
      const output = await stdout;
      expect(code, output).to.equal(endless ? null : 0);
      expect(output).not.to.match(/^\s+at /m);
      expect(output).not.to.equal('');
    });
  }
});
