import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli, type CliResult } from '../../../cli/run-cli.js';
import { useNamespace } from '../../../support/namespace.js';
import { PATIENCE } from '../../../support/patience.js';
import { CommandHere } from '../../cli/command.js';
import { until } from '../fleet-kit.js';
import { Deployment } from './deployment.js';

describe('the command with the deployment of docs/fleet', function () {
  this.timeout(60_000 * PATIENCE);
  const namespace = useNamespace();
  const deployment = new Deployment();
  const outputs: string[] = [];
  let folder: string;
  let agent: CommandHere | undefined;

  /** Returns the options by which a user connects. */
  const as = (user: string): string[] => [
    `--server=tls://localhost:${String(deployment.server.port)}`,
    `--nkey=${deployment.keyFile(user)}`,
    `--tls-ca=${deployment.caFile}`,
  ];
  const startAgent = (key: string, host: string): CommandHere =>
    new CommandHere('agent', ...as(key), '--host', host, '--netns', namespace().path, '--beat=200ms', '--serve-remote');
  const run = async (user: string, ...words: readonly string[]): Promise<CliResult> => {
    const result = await runCli(...words, ...as(user));
    outputs.push(result.out, result.err);
    return result;
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rxnl-deployed-'));
    namespace().ip('link set lo up');
    await deployment.start(['web-1', 'web-2']);
  });
  after(async () => {
    await agent?.end();
    await deployment.delete();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets an administrator make the streams, and not an agent', async () => {
    const early = startAgent('agent-web-1', 'web-1');
    await until(() => early.stderr.includes('no permission for $JS.API.STREAM.CREATE.RXF_STATE_0'));
    expect(await run('admin', 'fleet', 'streams')).to.deep.equal({ code: 0, out: 'RXF_STATE_0 is right\nRXF_ALIVE is right\n', err: '' });
    expect((await run('admin', 'fleet', 'streams')).code).to.equal(0);
    await early.prints('neighbours:');
    await early.end();
  });

  it('lets an agent publish its host, which a reader reads', async () => {
    agent = startAgent('agent-web-1', 'web-1');
    await agent.prints('neighbours:');
    await agent.prints('Serves netlink sockets');
    let listed = '[]';
    for (const end = Date.now() + 20_000 * PATIENCE; listed === '[]' && Date.now() < end;) {
      listed = (await run('reader', 'fleet', 'links', '--json')).out.trim();
    }
    const [link] = JSON.parse(listed) as readonly { readonly host: string; readonly name: string }[];
    expect([link!.host, link!.name]).to.deep.equal(['web-1', 'lo']);
  });

  it('does not let an agent publish another host', async () => {
    const other = startAgent('agent-web-1', 'web-2');
    expect(await other.ended).to.equal(1);
    expect(other.stderr).to.match(/web-2.*permission|permission.*web-2/i);
    outputs.push(other.stdout, other.stderr);
    const { out } = await run('reader', 'fleet', 'hosts', '--json');
    expect((JSON.parse(out) as readonly { readonly host: string }[]).map(({ host }) => host)).to.deep.equal(['web-1']);
  });

  it('lets an operator plan a host over its netlink sockets, and not a reader', async () => {
    const file = join(folder, 'document.json');
    writeFileSync(file, JSON.stringify({ version: 1, links: [{ name: 'lo', mtu: 1500 }] }));
    const allowed = await run('operator', 'fleet', 'plan', file);
    expect(allowed.err).to.equal('');
    expect([allowed.code, allowed.out]).to.deep.equal([2, 'web-1:\n  ~ link lo: mtu 65536 -> 1500\n']);
    const refused = await run('reader', 'fleet', 'plan', file);
    expect([refused.code, refused.out]).to.deep.equal([1, '']);
    expect(refused.err).to.match(/^rxnetlink: web-1: .*permission/i);
  });

  it('prints no private key', () => {
    for (const user of ['admin', 'agent-web-1', 'reader', 'operator']) {
      const seed = readFileSync(deployment.keyFile(user), 'utf8').trim();
      for (const text of [...outputs, agent!.stdout, agent!.stderr]) expect(text).not.to.include(seed);
    }
  });
});
