import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { projectFiles } from '../../scripts/tree/files.mjs';

const root = resolve(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Returns the names of scripts that a text gives to `npm run`. */
const namesIn = (text: string): string[] => [...text.matchAll(/\bnpm run (?:--silent )?([a-z][\w:]*)/g)].map(([, name]) => name!);

describe('the scripts of package.json', () => {
  it('are the table in CONTRIBUTING.md', () => {
    const [, section] = /^## Scripts\n([\s\S]*?)^## /m.exec(read('CONTRIBUTING.md'))!;
    const listed = [...section!.matchAll(/^\| `([\w:]+)` /gm)].map(([, name]) => name);
    expect(listed).to.have.members(Object.keys(scripts));
  });

  it('have each file and folder of scripts/ in the table of its README', () => {
    const entries = readdirSync(join(root, 'scripts'), { withFileTypes: true }).filter(({ name }) => name !== 'README.md');
    const rows = [...read('scripts/README.md').matchAll(/^\| `([^`]+)` +\| (.*?) +\|/gm)].map(([, name, users]) => ({
      name: name!,
      users: users!,
    }));
    expect(rows.map(({ name }) => name)).to.have.members(entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)));
    const named = rows.flatMap(({ users }) => [...users.matchAll(/`([\w:]+)`/g)].map(([, name]) => name!));
    expect(named).to.include('test');
    expect(named.filter((name) => !(name in scripts))).to.deep.equal([]);
  });

  it('have one name for each command', () => {
    const commands = Object.values(scripts);
    expect(commands.filter((command, index) => commands.indexOf(command) !== index)).to.deep.equal([]);
  });

  it('exist for each name that a document, a workflow or a script gives to npm', () => {
    const paths = projectFiles().filter((path) => /\.md$|^(?:\.github|\.ci|scripts|bench)\//.test(path));
    const named = paths.flatMap((path) => namesIn(read(path)).map((name) => ({ path, name })));
    expect(named).to.have.lengthOf.at.least(20);
    expect(named.filter(({ name }) => !(name in scripts))).to.deep.equal([]);
  });
});
