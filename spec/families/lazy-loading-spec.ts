import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { families } from '../../lib/families/index.js';
import type { FamilyClient } from '../../lib/index.js';
import { needsChildNode } from '../support/emulator.js';
import { spawnSync } from '../support/programs.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Returns the modules below lib/ that a program loads, as the module loader reports them. */
function loadedBy(program: string): string[] {
  const hook = `
    import { writeSync } from 'node:fs';
    export async function load(url, context, next) {
      // The hooks run in a thread of their own, whose console loses what it holds when the program ends.
      if (url.includes('/lib/')) writeSync(2, 'loaded ' + url.split('?')[0] + '\\n');
      return next(url, context);
    }`;
  const register = `
    import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}));`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--import', `data:text/javascript,${encodeURIComponent(register)}`, '--input-type=module', '--eval', program],
    { cwd: root, encoding: 'utf8' },
  );
  expect(status, stderr).to.equal(0);
  return [...stderr.matchAll(/^loaded .*\/lib\/(.*)$/gm)].map(([, path]) => path!.replace(/\.js$/, '.ts'));
}

/** The modules of protocols that have text instead of attributes. */
const WITHOUT_DESCRIPTOR = ['uevent'];

describe('families', () => {
  const own = readdirSync(new URL('../../lib/families/generated', import.meta.url)).map((file) => file.replace(/\.ts$/, ''));

  it('have a loader for each in the index', () => {
    expect(Object.keys(families).sort()).to.deep.equal([...own, ...WITHOUT_DESCRIPTOR].sort());
  });

  it('are loaded one by one', function () {
    needsChildNode(this);
    const loaded = loadedBy("await import('./lib/families/rt-link.ts')");
    const generated = loaded.filter((path) => path.startsWith('families/generated/'));
    expect(generated).to.deep.equal(['families/generated/rt-link.ts']);
    expect(
      loaded.filter((path) => path.startsWith('codegen/') || path.startsWith('spec-loader/') || path.startsWith('testing/')),
    ).to.deep.equal([]);
  }).timeout(20_000);

  it('are not loaded by a module without a descriptor', function () {
    needsChildNode(this);
    const loaded = loadedBy("await import('./lib/families/uevent.ts')").filter((path) => /^(?:families|client|live|codegen)\//.test(path));
    expect(loaded).to.include('families/uevent.ts');
    expect(loaded.filter((path) => !path.startsWith('families/uevent'))).to.deep.equal([]);
  }).timeout(20_000);

  it('are not loaded by the package root or the index', function () {
    needsChildNode(this);
    for (const program of ["await import('./lib/index.ts')", "await import('./lib/families/index.ts')"]) {
      expect(loadedBy(program).filter((path) => path.startsWith('families/generated/'))).to.deep.equal([]);
    }
  }).timeout(20_000);

  for (const name of own) {
    it(`export a factory with the camelCase name of ${name}`, async () => {
      const module = (await families[name as keyof typeof families]()) as unknown as Record<string, unknown>;
      const camel = name.replaceAll(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
      const factory = module[camel] as () => FamilyClient<never>;
      expect(factory, camel).to.be.a('function');
      const client = factory();
      expect(client.socket.isOpen).to.equal(false);
      expect(client.schema.source).to.equal(name);
      expect(module[`${camel}Schema`]).to.equal(client.schema);
    });
  }
});
