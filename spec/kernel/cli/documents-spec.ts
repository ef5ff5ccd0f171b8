import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { linesOf, runCli } from '../../cli/run-cli.js';
import { createNamespace, type Namespace } from '../../support/namespace.js';

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
});
