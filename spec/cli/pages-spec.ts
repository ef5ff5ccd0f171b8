import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { pages } from '../../scripts/command/pages.js';
import { spawnSync } from '../support/programs.js';
import { runCli } from './run-cli.js';

const root = resolve(import.meta.dirname, '../..');

describe('pages of the command', () => {
  it('are current', async () => {
    for (const [path, text] of Object.entries(await pages()))
      expect(readFileSync(join(root, path), 'utf8'), `${path}: run npm run pages`).to.equal(text);
  });
});

describe('the completion of a shell', () => {
  it('completes commands and their options in bash', async () => {
    const { out } = await runCli('completion', 'bash');
    const complete = (...words: readonly string[]): string =>
      spawnSync('bash', [
        '-c',
        `${out}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _rxnetlink; echo "\${COMPREPLY[@]}"`,
      ])
        .stdout.toString()
        .trim();
    expect(complete('rxnetlink', 'lin')).to.equal('links');
    expect(complete('rxnetlink', 'plan', '--n')).to.equal('--netns');
  });

  it('names every command for zsh and fish, and refuses other shells', async () => {
    for (const shell of ['zsh', 'fish']) {
      const { code, out } = await runCli('completion', shell);
      expect(code).to.equal(0);
      for (const name of ['links', 'plan', 'describe', 'completion']) expect(out).to.include(name);
    }
    const { code, err } = await runCli('completion', 'tcsh');
    expect({ code, err }).to.deep.equal({ code: 64, err: 'rxnetlink: unknown shell tcsh; expected bash, zsh, fish\n' });
  });
});
