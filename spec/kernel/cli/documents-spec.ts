import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { linesOf, runCli } from '../../cli/run-cli.js';
import { createNamespace, type Namespace } from '../../support/namespace.js';
import { requirePrograms } from '../../support/programs.js';
import { CommandProcess, root, until } from './command.js';

const DOCUMENT = {
  version: 1,
  links: [{ name: 'br0', kind: 'bridge', up: true, addresses: [{ address: '10.0.0.1/24' }] }],
  routes: [{ to: '192.0.2.0/24', via: '10.0.0.9' }],
};

describe('documents on the command line', () => {
  let namespace: Namespace;
  let folder: string;
  let netns: readonly [string, string];
  const file = (name: string, contents: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof contents === 'string' ? contents : JSON.stringify(contents));
    return path;
  };

  beforeEach(() => {
    namespace = createNamespace();
    netns = ['--netns', namespace.path];
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-cli-'));
  });
  afterEach(() => {
    namespace.delete();
    rmSync(folder, { recursive: true });
  });

  it('are planned, applied, and in sync afterwards', async () => {
    const path = file('document.json', DOCUMENT);
    const before = namespace.run('ip', '-j', 'addr');
    const planned = await runCli('plan', path, ...netns);
    expect(planned.code).to.equal(2);
    expect(planned.out).to.include('+ link br0').and.to.include('+ route 192.0.2.0/24');
    expect(namespace.run('ip', '-j', 'addr')).to.equal(before);
    const applied = await linesOf('apply', path, ...netns);
    expect(applied.at(-1)).to.match(/^applied and verified: \d+ changes$/);
    expect(namespace.run('ip', '-br', 'addr', 'show', 'br0')).to.include('10.0.0.1/24');
    expect(namespace.ip('route show 192.0.2.0/24')).to.include('via 10.0.0.9 dev br0');
    expect(await linesOf('plan', path, ...netns)).to.deep.equal(['nothing differs']);
    expect(await linesOf('apply', path, ...netns)).to.deep.equal(['nothing differs']);
  });

  it('are exported so that nothing differs', async () => {
    await linesOf('apply', file('document.json', DOCUMENT), ...netns);
    const exported = file('exported.json', (await linesOf('export', ...netns)).join('\n'));
    expect(await linesOf('plan', exported, ...netns)).to.deep.equal(['nothing differs']);
    const [part] = [JSON.parse((await linesOf('export', '--only', 'routes', ...netns)).join('\n')) as object];
    expect(part).to.have.property('routes');
  });

  it('are taken back after a failure, with one line and exit code 1', async () => {
    const before = namespace.run('ip', '-j', 'addr');
    const document = { ...DOCUMENT, routes: [{ to: '192.0.2.0/24', via: '203.0.113.1' }] };
    const { code, err } = await runCli('apply', file('document.json', document), ...netns);
    expect(code).to.equal(1);
    expect(err).to.match(/^rxnetlink: cannot apply document: .*\n$/);
    const after = JSON.parse(namespace.run('ip', '-j', 'addr')) as unknown;
    expect(after).to.deep.equal(JSON.parse(before));
  });

  it('may be YAML', async () => {
    const path = file('document.yaml', 'version: 1\nlinks:\n  - { name: br7, kind: bridge }\n');
    await linesOf('apply', path, ...netns);
    expect(namespace.ip('link show br7')).to.include('br7');
  });

  it('are refused in one line that names the place', async () => {
    const wrong = await runCli('plan', file('document.json', { version: 1, links: [{ name: 'br0', kind: 'bridge', mtuu: 9 }] }), ...netns);
    expect(wrong).to.containSubset({ code: 1, out: '' });
    expect(wrong.err).to.match(/^rxnetlink: cannot plan document: links\[0\]\.mtuu: .*\n$/);
    const { code, err } = await runCli('plan', file('no.json', '{'), ...netns);
    expect(code).to.equal(1);
    expect(err).to.match(/^rxnetlink: .*no\.json is not valid JSON: .*\n$/);
  });

  it('name the file that cannot be read as YAML', async () => {
    const path = file('no.yaml', 'links: [');
    const { code, err } = await runCli('plan', path, ...netns);
    expect(code).to.equal(1);
    expect(err).to.match(/^rxnetlink: .*no\.yaml is not valid YAML: .*\n$/);
  });

  describe('in a process', function () {
    this.timeout(60_000);
    const ends: (() => unknown)[] = [];
    const start = (...argv: readonly string[]): CommandProcess => {
      const command = new CommandProcess(...argv, ...netns);
      ends.push(() => command.child.kill('SIGKILL'));
      return command;
    };
    const hasBridge = (): boolean => namespace.run('ip', '-br', 'link').includes('br0');

    afterEach(() => {
      for (const end of ends.splice(0)) end();
    });

    it('are kept if Enter is pressed, and taken back if the input ends without', async () => {
      const path = file('document.json', DOCUMENT);
      const refused = start('apply', path, '--confirm', '30s');
      await until(() => refused.stderr.includes('press Enter within 30s'), 'no prompt');
      expect(hasBridge()).to.equal(true);
      refused.child.stdin!.end();
      expect(await refused.ended).to.deep.equal({ code: 1, signal: null });
      expect(refused.stderr.trimEnd().split('\n').at(-1)).to.match(/the standard input ended without an Enter; all changes were undone$/);
      expect(hasBridge()).to.equal(false);
      const kept = start('apply', path, '--confirm', '30s');
      await until(() => kept.stderr.includes('press Enter'), 'no prompt');
      kept.child.stdin!.write('\n');
      expect(await kept.ended).to.deep.equal({ code: 0, signal: null });
      expect(hasBridge()).to.equal(true);
    });

    it('state on standard error that the firewall is missing, if the process may not read it', () => {
      requirePrograms('setpriv');
      const noted = (prefix: readonly string[], ...argv: readonly string[]): string => {
        const command = [...prefix, process.execPath, join(root, 'dist/cli/main.js'), 'export', ...argv];
        return namespace.run('sh', '-c', '"$@" 2>&1 >/dev/null', 'sh', ...command);
      };
      const bare = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];
      expect(noted(bare)).to.equal('rxnetlink: not exported: firewall: needs CAP_NET_ADMIN in its namespace\n');
      expect(noted(bare, '--only', 'links')).to.equal('');
      expect(noted([])).to.equal('');
    });

    for (const [language, text] of [
      ['JSON', '\n{ "version": 1, "links": [{ "name": "br0", "kind": "bridge" }] }'],
      ['YAML', 'version: 1\nlinks:\n  - { name: br0, kind: bridge }\n'],
    ] as const)
      it(`are read from the standard input in ${language}`, async () => {
        const command = start('plan', '-');
        command.child.stdin!.end(text);
        expect(await command.ended, command.stderr).to.deep.equal({ code: 2, signal: null });
        expect(command.stdout).to.equal('+ link br0\n');
      });

    it('are refused in JSON if the standard input is empty', async () => {
      const command = start('plan', '-');
      command.child.stdin!.end('\n');
      expect(await command.ended).to.deep.equal({ code: 1, signal: null });
      expect(command.stderr).to.match(/^rxnetlink: the standard input is not valid JSON: .*\n$/);
    });

    it('are taken back after the time of --confirm', async () => {
      const command = start('apply', file('document.json', DOCUMENT), '--confirm', '300ms');
      expect(await command.ended).to.deep.equal({ code: 1, signal: null });
      expect(command.stderr).to.match(/--confirm: Enter was not pressed within 300ms; all changes were undone\n$/);
      expect(hasBridge()).to.equal(false);
    });

    it('are taken back at Ctrl-C, with 130', async () => {
      const command = start('apply', file('document.json', DOCUMENT), '--confirm', '30s');
      await until(() => command.stderr.includes('press Enter'), 'no prompt');
      command.child.kill('SIGINT');
      expect(await command.ended).to.deep.equal({ code: 130, signal: null });
      expect(hasBridge()).to.equal(false);
    });

    it('end at Ctrl-C while they wait for the standard input', async () => {
      for (const verb of ['apply', 'plan']) {
        const command = start(verb, '-', '--json');
        await until(() => listensForInterrupts(command.child.pid!), 'the command does not wait');
        command.child.kill('SIGINT');
        expect(await command.ended).to.deep.equal({ code: 130, signal: null });
      }
      expect(hasBridge()).to.equal(false);
    });

    it('are kept by reconcile, which repairs them until Ctrl-C', async () => {
      const command = start('reconcile', file('document.json', DOCUMENT));
      await command.prints('in sync');
      namespace.ip('link delete br0');
      await command.prints('repaired: ');
      await until(hasBridge, 'reconcile repaired nothing');
      command.child.kill('SIGINT');
      expect(await command.ended).to.deep.equal({ code: 130, signal: null });
    });
  });

  it('are written as far as possible with --keep-going, with exit code 1', async () => {
    const document = { ...DOCUMENT, routes: [...DOCUMENT.routes, { to: '198.51.100.0/24', via: '203.0.113.1' }] };
    const { code, out } = await runCli('apply', file('document.json', document), '--keep-going', ...netns);
    expect(code).to.equal(1);
    expect(out).to.match(/^not written: \+ route 198\.51\.100\.0\/24 .*: Nexthop has invalid gateway \(ENETUNREACH\)/m);
    expect(out).to.match(/\napplied in part: \d changes; 1 difference is left\n$/);
    const json = await runCli('apply', file('document.json', document), '--keep-going', '--json', ...netns);
    const { result } = JSON.parse(json.out.trim().split('\n').at(-1)!) as { readonly result: { readonly left: readonly object[] } };
    expect(result.left[0]).to.have.nested.include({ 'error.code': 'ENETUNREACH', 'error.reason': 'unreachable' });
    expect(namespace.ip('route show 192.0.2.0/24')).to.include('via 10.0.0.9');
  });
});

/** True if the command has its handlers: that of SIGHUP, the first signal in the mask, is none of Node's own. */
function listensForInterrupts(processId: number): boolean {
  const [, mask = '0'] = /^SigCgt:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${String(processId)}/status`, 'utf8')) ?? [];
  return (BigInt(`0x${mask}`) & 1n) !== 0n;
}
