import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parse } from 'yaml';
import { overlays } from '../../../lib/codegen/overlays/index.js';
import { SpecError } from '../../../lib/codegen/spec-error.js';
import { loadFamily } from '../../../lib/spec-loader/index.js';
import { listFiles, loadersOf } from '../../../scripts/generate/lists.js';
import { moduleText } from '../../../scripts/generate/module-text.js';
import { operationsFile } from '../../../scripts/generate/operations-page.js';
import { allSpecifications, ownSpecifications } from '../../../scripts/generate/specifications.js';
import { linesOf } from '../../cli/run-cli.js';
import { needsMoreThanEmulator } from '../../support/emulator.js';
import { loadSchema } from '../generated.js';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** The parts of a specification that are counted without the generator. */
interface Counted {
  readonly 'attribute-sets'?: readonly { readonly 'subset-of'?: string; readonly attributes: readonly unknown[] }[];
  readonly operations: { readonly list: readonly unknown[] };
}

describe('specifications of this project', () => {
  for (const specification of ownSpecifications()) {
    const { file, text } = specification;
    const source = file.replace(/\.yaml$/, '');

    it(`${file} is the source of its generated module`, () => {
      const notes: string[] = [];
      const module = moduleText(specification, (note) => notes.push(note));
      expect(module.text, 'run npm run generate').to.equal(readFileSync(join(PROJECT, 'lib/families/generated', module.file), 'utf8'));
      // A field and an attribute with one name are one property; shared-names-spec.ts lists those that are.
      expect(notes.filter((note) => !note.includes('is a field of'))).to.deep.equal([]);
    });

    it(`${file} gives every attribute and operation to the module, and needs no overlay`, async () => {
      const { 'attribute-sets': sets = [], operations } = parse(text) as Counted;
      const schema = await loadSchema(source);
      const own = schema.sets.filter(({ subsetOf }) => subsetOf === undefined);
      expect(own.reduce((sum, { attributes }) => sum + attributes.length, 0)).to.equal(
        sets.reduce((sum, set) => sum + (set['subset-of'] === undefined ? set.attributes.length : 0), 0),
      );
      expect(schema.operations.length).to.equal(operations.list.length);
      expect(overlays.map((overlay) => overlay.source)).to.not.include(source);
    });

    it(`${file} names its headers, and loads at run time`, () => {
      // The numbers of some families are in no header of the uapi.
      expect(text).to.match(/^#[^]*?\n# (?:Headers?: linux\/[\w/.-]+\.h|Source: (?:drivers|fs|net)\/[\w/.-]+\.[ch])/);
      using client = loadFamily(text, { file })();
      expect(client.schema.source).to.equal(source);
    });
  }

  it('are read after those of the kernel, and replace one of the same name only if they declare it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-specs-'));
    const [kernel, own] = ['kernel', 'own'].map((name) => mkdtempSync(join(folder, name))) as [string, string];
    try {
      const text = (name: string): string => `name: ${name}\noperations: { list: [] }\n`;
      for (const name of ['b', 'a']) writeFileSync(join(kernel, `${name}.yaml`), text(name));
      writeFileSync(join(own, 'a2.yaml'), text('a2'));
      const read = (): string[] => allSpecifications(kernel, own).map(({ origin }) => origin);
      expect(read()).to.deep.equal(['a.yaml', 'b.yaml', 'specs/a2.yaml']);
      expect(allSpecifications(undefined, own).map(({ origin }) => origin)).to.deep.equal(['specs/a2.yaml']);
      writeFileSync(join(own, 'b.yaml'), text('b'));
      expect(read).to.throw(
        SpecError,
        "specs/b.yaml: the kernel has a specification of this name; remove this one, or add 'replaces-kernel: true'",
      );
      writeFileSync(join(own, 'b.yaml'), `replaces-kernel: true\n${text('b')}`);
      expect(read()).to.deep.equal(['a.yaml', 'specs/a2.yaml', 'specs/b.yaml']);
      expect(() => allSpecifications(join(folder, 'nowhere'), own)).to.throw();
      rmSync(kernel, { recursive: true });
      expect(() => allSpecifications(folder, own)).to.throw(SpecError, 'contains no .yaml files');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('lists of families', () => {
  for (const { path, text } of listFiles()) {
    it(`${path} contains all families`, () => {
      expect(readFileSync(join(PROJECT, path), 'utf8'), 'run npm run generate').to.equal(text);
    });
  }

  it('docs/operations.md contains all operations, as `rxnetlink families` and `describe` print them', async function () {
    needsMoreThanEmulator(this, 'runs compiled specs, which cannot load the sources');
    const { path, text } = await operationsFile();
    expect(readFileSync(join(PROJECT, path), 'utf8'), 'run npm run generate').to.equal(text);
    const sections = new Map(text.split('\n## ').map((section) => [section.slice(0, section.indexOf('\n')), section]));
    const listed = JSON.parse((await linesOf('families', '--json')).join('')) as { name: string; operations: number; typed: boolean }[];
    const names = listed.filter(({ typed }) => typed).map(({ name }) => name);
    expect([...sections.keys()].slice(1)).to.have.members(names);
    for (const name of ['nbd', 'rt-link', 'nl80211']) {
      const parts = JSON.parse((await linesOf('describe', name, '--json')).join('')) as Record<string, { name: string }[]>;
      for (const { name: word } of Object.values(parts).flat()) expect(sections.get(name)).to.include(`\`${word}\``);
    }
  });

  it('are those of the loaders in the index', () => {
    const loaders = loadersOf(readFileSync(join(PROJECT, 'lib/families/index.ts'), 'utf8'));
    expect(loaders).to.include.members(['conntrack', 'rt-link', 'rt-nsid']);
    const { exports } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { exports: Record<string, unknown> };
    const subpaths = Object.keys(exports).filter((name) => name.startsWith('./families/'));
    expect(subpaths).to.deep.equal(loaders.map((name) => `./families/${name}`));
  });
});
