import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { build } from 'esbuild';
import { skipBecause, useNamespace } from '../support/namespace.js';
import { startNatsServer, type NatsServer } from '../support/nats-server.js';
import { programsIn } from './programs.js';
import { spawnSync } from '../support/programs.js';
import { isLong } from '../support/rounds.js';

const root = resolve(import.meta.dirname, '../..');
// Inside the package, so that the programs can import it by its name.
const folder = join(root, '.cache/docs');
// The programs of docs/cookbook have a spec of their own, which prepares a namespace for each.
const folders = ['docs', 'docs/network'];
const inFolder = (name: string): string[] => readdirSync(join(root, name)).map((file) => join(name, file));
const pages = ['README.md', ...folders.flatMap(inFolder).filter((name) => name.endsWith('.md'))];
const programs = pages.flatMap((page) => programsIn(root, page)).map((program, index) => ({ ...program, name: `program-${index}` }));

/** True for the programs of the README and the first one of each page; `npm run test:long` runs all of them. They take a third of a second each. */
const isRun = ({ title }: { readonly title: string }, index: number, all: readonly { readonly title: string }[]): boolean =>
  isLong || title.startsWith('README.md') || all.findIndex((other) => other.title.split(':')[0] === title.split(':')[0]) === index;

describe('programs in the documentation', function () {
  this.timeout(30_000);
  const namespace = useNamespace();
  let natsServer: NatsServer | undefined;

  before(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const { name, text } of programs) writeFileSync(join(folder, `${name}.ts`), `${text}\nexport {};\n`);
    const compilerOptions = { isolatedDeclarations: false, declaration: false };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'] }));
    // A Node with a loader for TypeScript needs twice as long to start.
    const entryPoints = programs.map(({ name }) => join(folder, `${name}.ts`));
    await build({ entryPoints, outdir: folder, outExtension: { '.js': '.mjs' }, target: 'node20', sourcemap: 'inline', tsconfigRaw: {} });
  });

  /** Starts a nats-server at its default port in the namespace of the programs. */
  async function startServer(): Promise<void> {
    if (natsServer !== undefined) return;
    namespace().run('ip', 'link', 'set', 'lo', 'up');
    natsServer = await startNatsServer({ port: 4222, prefix: ['nsenter', `--net=${namespace().path}`, '--'] });
  }
  after(async () => {
    await natsServer?.delete();
  });

  it('are found in README.md', () => {
    expect(programs.filter(({ title }) => title.startsWith('README.md'))).to.have.lengthOf.at.least(3);
  });

  it('compile', () => {
    const tsc = join(root, 'node_modules/typescript-7/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--noEmit', '--pretty', 'false'], { cwd: root, encoding: 'utf8' });
    expect(stdout).to.equal('');
  });

  for (const { title, name, endless, server, needs } of programs.filter(isRun)) {
    it(`${endless ? 'run until they are stopped' : 'run to their end'}: ${title}`, async function () {
      if (server) await startServer();
      // The shell merges stderr into stdout, so that the spec can check both.
      const run = ['--enable-source-maps', join(folder, `${name}.mjs`)];
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
      if (needs !== undefined && output.includes(`this kernel has no links of kind '${needs}'`))
        skipBecause(this, `this kernel has no links of kind '${needs}'`);
      expect(code, output).to.equal(endless ? null : 0);
      expect(output).not.to.match(/^\s+at /m);
      expect(output).not.to.equal('');
    });
  }
});
