import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect } from 'chai';
import { runCli } from '../../cli/run-cli.js';
import { needsChildNode } from '../../support/emulator.js';
import { useNamespace } from '../../support/namespace.js';
import { requirePrograms, spawn, spawnSync } from '../../support/programs.js';
import { root, until, CommandProcess } from '../cli/command.js';
import { DashboardClient } from './dashboard-client.js';

const addressIn = (text: string): string => /http:\S+/.exec(text)![0];

describe('process of rxnetlink dashboard', function () {
  this.timeout(120_000);

  before(function () {
    needsChildNode(this);
  });

  for (const [signal, words] of [
    ['SIGINT', 'Ctrl-C'],
    ['SIGTERM', 'kill'],
  ] as const)
    it(`ends by ${words} with 130, with its streams, and frees the port`, async () => {
      const command = new CommandProcess('dashboard');
      try {
        await command.prints('\n');
        const page = await new DashboardClient().open(addressIn(command.stdout));
        await until(() => page.tables.has('links'), 'the page got no links');
        command.child.kill(signal);
        expect(await command.ended).to.deep.equal({ code: 130, signal: null });
        await until(() => page.isEnded, 'the stream did not end');
        expect(command.stderr).to.equal('');
        const [first, second, ...others] = command.stdout.trimEnd().split('\n');
        expect(first).to.match(/^Open http:\/\/127\.0\.0\.1:\d+\/login\?token=[\w-]{32} \(for one login; Ctrl-C ends the dashboard\)$/);
        expect(second).to.match(/^For another login: http:\/\/127\.0\.0\.1:\d+\/login\?token=[\w-]{32}$/);
        expect(others).to.deep.equal([]);
        const port = Number(new URL(addressIn(command.stdout)).port);
        const next = createServer();
        await new Promise<void>((resolve, reject) => next.once('error', reject).listen(port, '127.0.0.1', resolve));
        next.close();
      } finally {
        command.child.kill('SIGKILL');
      }
    });

  it('runs as another user without capabilities, and states what it may not read', async function () {
    requirePrograms('setpriv');
    const isWholeMachine = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/)[2] === '4294967295';
    const user = isWholeMachine ? ['--reuid=65534', '--regid=65534', '--clear-groups'] : ['--bounding-set=-all'];
    const args = [...user, '--inh-caps=-all', process.execPath, 'dist/cli/main.js', 'dashboard'];
    const child = spawn('setpriv', args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      await until(() => output.includes('\n'), 'the command printed nothing');
      const page = await new DashboardClient().open(addressIn(output));
      await until(() => page.infos.size === 7 && page.nodes.size > 0, 'tables are missing');
      const errors = new Map([...page.infos].map(([table, { error }]) => [table, error]));
      for (const table of ['links', 'addresses', 'routes', 'neighbours', 'sockets']) expect(errors.get(table), table).to.equal(undefined);
      expect(errors.get('counters')).to.match(/CAP_NET_ADMIN/);
      expect(errors.get('connections')).to.match(/CAP_NET_ADMIN/);
      expect(page.rows('links').map(({ name }) => name)).to.include('lo');
      // The listener of this very server.
      const { port } = new URL(addressIn(output));
      await until(() => page.rows('sockets').some(({ local }) => local === `127.0.0.1:${port}`), 'no sockets');
      if (page.topology.namespaces!.length > 1) expect(page.topology.note).to.match(/CAP_SYS_ADMIN/);
      page.close();
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('exits with 1 and one line if the port is in use, and if the namespace does not exist', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { readonly port: number };
    const inUse = await runCli('dashboard', '--port', String(port));
    other.close();
    expect(inUse).to.deep.equal({
      code: 1,
      out: '',
      err: `rxnetlink: port ${String(port)} is in use; choose another one with --port\n`,
    });
    const missing = await runCli('dashboard', '--netns', 'no-such-namespace');
    expect([missing.code, missing.out]).to.deep.equal([1, '']);
    expect(missing.err).to.match(/^rxnetlink: [^\n]*no-such-namespace[^\n]*\n$/);
  });

  for (const port of ['65536', '-1', 'http', '1e3'])
    it(`exits with 64 for the port ${port}`, async () => {
      const { code, err } = await runCli('dashboard', `--port=${port}`);
      expect(code).to.equal(64);
      expect(err).to.equal(`rxnetlink: --port ${port}: expected a number from 0 to 65535\n`);
    });
});

describe('rxnetlink dashboard in a network namespace whose loopback is down', () => {
  const namespace = useNamespace();

  it('exits with 1 and one line that states how to set it up', function () {
    needsChildNode(this);
    namespace().ip('link set lo down');
    const command = [`--net=${namespace().path}`, '--', process.execPath, 'dist/cli/main.js', 'dashboard'];
    const { status, stdout, stderr } = spawnSync('nsenter', command, { cwd: root, encoding: 'utf8', timeout: 20_000 });
    expect({ status, stdout, stderr }).to.deep.equal({
      status: 1,
      stdout: '',
      stderr: 'rxnetlink: nothing reaches 127.0.0.1 in this network namespace; set its link lo up first\n',
    });
  });
});
