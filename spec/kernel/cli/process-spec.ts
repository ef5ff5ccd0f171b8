import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { createNamespace, type Namespace } from '../../support/namespace.js';
import { requirePrograms, spawn } from '../../support/programs.js';

/** The file that npm links as `rxnetlink`; the first stage of the gate builds it. */
const MAIN = join(resolve(import.meta.dirname, '../../..'), 'dist/cli/main.js');

describe('the process of the command', () => {
  let namespace: Namespace;

  before(() => {
    namespace = createNamespace();
    namespace.ip('link add br0 type bridge');
  });
  after(() => {
    namespace.delete();
  });

  /** Starts the command and waits for its first output. */
  const watch = async (...argv: readonly string[]) => {
    const child = spawn(process.execPath, [MAIN, ...argv, '--netns', namespace.path], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await once(child.stdout, 'data');
    return { child, output: () => out };
  };

  it('shows every change until Ctrl-C, and exits with 130', async () => {
    const { child, output } = await watch('links', '--watch');
    namespace.ip('link add br1 type bridge');
    while (!output().includes('br1')) await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).to.deep.equal([130, null]);
  });

  it('exits with 0 when the reader of its output has ended', async () => {
    const { child } = await watch('links', '--watch');
    child.stdout.destroy();
    namespace.ip('link add br2 type bridge');
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  });

  for (const columns of [20, 80, 200]) {
    it(`fills a terminal of ${columns} columns, and gives it back`, async () => {
      requirePrograms('script');
      const command = `stty cols ${columns} rows 10; exec ${process.execPath} ${MAIN} links --watch --netns ${namespace.path}`;
      const terminal = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
      let screen = '';
      terminal.stdout.on('data', (chunk: Buffer) => (screen += chunk.toString()));
      while (!screen.includes('br0')) await once(terminal.stdout, 'data');
      terminal.stdin.write('\u0003'); // Ctrl-C
      expect(await once(terminal, 'close')).to.deep.equal([130, null]);
      expect(screen)
        .to.match(/^\u001b\[\?1049h\u001b\[\?25l\u001b\[H/)
        .and.to.match(/\u001b\[\?25h\u001b\[\?1049l\s*$/);
      const lines = screen.replaceAll(/\u001b\[[?\d;]*[a-zA-Z]|\^C/g, '').split(/\r?\n/);
      expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(columns);
      expect(lines.find((line) => line.startsWith('br0'))).to.match(columns === 20 ? /…$/ : /bridge/);
    });
  }

  it('has no colours with NO_COLOR', () => {
    requirePrograms('script');
    const run = (prefix: string): string => namespace.run('script', '-qec', `${prefix} ${process.execPath} ${MAIN} links`, '/dev/null');
    expect(run('TERM=xterm')).to.include('\u001b[1mNAME');
    expect(run('TERM=xterm NO_COLOR=1')).to.not.include('\u001b[');
  });
});
