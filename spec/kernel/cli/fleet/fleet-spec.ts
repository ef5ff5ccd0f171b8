import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { linesOf, runCli } from '../../../cli/run-cli.js';
import { useNamespace } from '../../../support/namespace.js';
import { startNatsServer, type NatsServer } from '../../../support/nats-server.js';
import { PATIENCE } from '../../../support/patience.js';
import { CommandHere } from '../command.js';

interface IpLink {
  readonly ifname: string;
  readonly mtu: number;
}

describe('rxnetlink agent and rxnetlink fleet', function () {
  this.timeout(60_000 * PATIENCE);
  const namespaces = [useNamespace(), useNamespace()] as const;
  const names = ['web-1', 'db.example.com'] as const;
  const agents: CommandHere[] = [];
  let server: NatsServer;
  let to: readonly string[];

  before(async () => {
    server = await startNatsServer();
    to = ['--server', server.url];
    for (const [at, namespace] of namespaces.entries()) {
      namespace().batch([
        'link set lo up',
        'link add v0 type veth peer name v1',
        'link set v0 up',
        'link set v1 up',
        `addr add 10.0.${String(at)}.1/24 dev v0`,
        'route add default via 10.0.' + String(at) + '.254',
        // Both have the same destination, TOS and metric.
        `route add 10.9.0.0/16 via 10.0.${String(at)}.2`,
        `route append 10.9.0.0/16 via 10.0.${String(at)}.3`,
        'rule add from 10.8.0.0/16 table 50 priority 70',
        'rule add from 10.7.0.0/16 table 50 priority 70',
      ]);
      agents.push(new CommandHere('agent', ...to, '--host', names[at]!, '--netns', namespace().path, '--beat', '200ms', '--serve-remote'));
    }
    for (const agent of agents) {
      await agent.prints('Serves netlink sockets');
      await agent.prints('neighbours:');
    }
  });
  after(async () => {
    await Promise.all(agents.map((agent) => agent.end()));
    await server?.delete();
  });

  /** Runs a command until all tables of all hosts are stored. */
  async function fleet<T>(...words: readonly string[]): Promise<T> {
    const [line] = await linesOf('fleet', ...words, '--json', ...to);
    return JSON.parse(line!) as T;
  }

  it('lists the hosts with their tables', async () => {
    const end = Date.now() + 20_000 * PATIENCE;
    let hosts: readonly { readonly host: string; readonly state: string; readonly tables: Record<string, boolean> }[];
    do hosts = await fleet('hosts');
    while (Date.now() < end && !hosts.every(({ tables }) => Object.values(tables).every(Boolean)));
    expect(hosts.map(({ host, state, tables }) => [host, state, Object.keys(tables)])).to.deep.equal(
      [...names]
        .sort()
        .map((host) => [host, 'up', ['rt-link/getlink', 'rt-addr/getaddr', 'rt-route/getroute', 'rt-rule/getrule', 'rt-neigh/getneigh']]),
    );
  });

  it('lists the links and routes that ip lists in each namespace', async () => {
    const links = await fleet<readonly { host: string; name: string; mtu: number; addresses: readonly { address: string }[] }[]>('links');
    for (const [at, namespace] of namespaces.entries()) {
      const expected = JSON.parse(namespace().run('ip', '-j', 'link')) as readonly IpLink[];
      const own = links.filter(({ host }) => host === names[at]);
      expect(own.map(({ name, mtu }) => ({ ifname: name, mtu }))).to.have.deep.members(
        expected.map(({ ifname, mtu }) => ({ ifname, mtu })),
      );
      expect(own.find(({ name }) => name === 'v0')!.addresses.map(({ address }) => address)).to.include(`10.0.${String(at)}.1/24`);
    }
    const alike = await fleet<readonly { host: string; via: string }[]>('routes', 'to=10.9.0.0/16');
    expect(alike.map(({ host, via }) => `${host} ${via}`).sort()).to.deep.equal([
      'db.example.com 10.0.1.2',
      'db.example.com 10.0.1.3',
      'web-1 10.0.0.2',
      'web-1 10.0.0.3',
    ]);
    const rules = await fleet<readonly { from: string }[]>('rules', 'priority=70');
    expect(rules.map(({ from }) => from).sort()).to.deep.equal(['10.7.0.0/16', '10.7.0.0/16', '10.8.0.0/16', '10.8.0.0/16']);
    const routes = await fleet<readonly { host: string; via: string; link: string }[]>('routes', 'default');
    expect(routes.map(({ host, via, link }) => [host, via, link])).to.deep.equal([
      ['db.example.com', '10.0.1.254', 'v0'],
      ['web-1', '10.0.0.254', 'v0'],
    ]);
  });

  it('has the columns of the listing of one host after that of the host', async () => {
    const [own, ...rows] = await linesOf('fleet', 'addresses', 'v0', '--hosts', 'web-*', 'family=4', ...to);
    const [one, row] = await linesOf('addresses', 'v0', 'family=4', '--netns', namespaces[0]().path);
    expect(own!.split(/\s+/)).to.deep.equal(['HOST', ...one!.split(/\s+/)]);
    expect(rows.map((text) => text.split(/\s+/))).to.deep.equal([['web-1', ...row!.split(/\s+/)]]);
  });

  it('prints the changes of the selected tables', async () => {
    const monitor = new CommandHere('fleet', 'monitor', 'links', '--hosts', 'web-*', '--json', ...to);
    await monitor.prints('"synced"');
    namespaces[0]().ip('link set v1 mtu 1300');
    namespaces[1]().ip('link set v1 mtu 1301');
    await monitor.prints('"mtu":1300');
    await monitor.end();
    expect(monitor.stderr).to.equal('');
    const changed = monitor.objects().filter(({ type }) => type === 'changed');
    expect(changed.map(({ host, table, text }) => [host, table, text])).to.deep.equal([
      ['web-1', 'links', 'link v1 changed: mtu 1500 -> 1300'],
    ]);
    expect(new Set(monitor.objects().map(({ table }) => table))).to.deep.equal(new Set(['links']));
  });

  it('keeps a table up to date', async () => {
    const listing = new CommandHere('fleet', 'links', 'v1', '--watch', '--json', '--hosts', 'web-1', ...to);
    await listing.prints('"mtu":1300');
    namespaces[0]().ip('link set v1 mtu 1400');
    await listing.prints('"mtu":1400');
    await listing.end();
  });

  it('compares hosts with a document over their own sockets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rxnl-plan-'));
    try {
      const file = join(folder, 'document.json');
      writeFileSync(file, JSON.stringify({ version: 1, links: [{ name: 'v0', addresses: ['10.0.0.1/24'] }] }));
      const { code, out, err } = await runCli('fleet', 'plan', file, ...to);
      expect(err).to.equal('');
      expect(out).to.equal('db.example.com:\n  + address 10.0.0.1/24 on v0\n  - address 10.0.1.1/24 on v0\nweb-1: nothing differs\n');
      expect(code).to.equal(2);
      const missing = await runCli('fleet', 'plan', file, '--hosts', 'web-1,no-such-host', ...to);
      expect([missing.code, missing.out]).to.deep.equal([1, 'web-1: nothing differs\n']);
      expect(missing.err).to.match(/^rxnetlink: no-such-host: .+\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('marks the rows of a host whose agent has ended', async () => {
    await agents[1]!.end();
    const [db, web] = await fleet<readonly { host: string; state: string; reason?: string; since?: string }[]>('hosts');
    expect([db!.state, db!.reason, web!.state]).to.deep.equal(['silent', 'ended', 'up']);
    const links = await fleet<readonly { host: string; silent?: boolean }[]>('links', 'v0');
    expect(links.map(({ host, silent }) => [host, silent])).to.deep.equal([
      ['db.example.com', true],
      ['web-1', undefined],
    ]);
    const [, line] = await linesOf('fleet', 'links', 'v0', ...to);
    expect(line).to.match(/^db\.example\.com \(silent\) {2}v0 /);
  });

  it('removes a host whose agent has ended, and refuses to remove one whose agent runs', async () => {
    const { code, out, err } = await runCli('fleet', 'forget', 'web-1', ...to);
    expect([code, out]).to.deep.equal([1, '']);
    expect(err).to.match(/^rxnetlink: fleet forget: the agent of host 'web-1' runs: .+ stop the agent first, or use --force\n$/);
    expect(await runCli('fleet', 'forget', 'db.example.com', ...to)).to.deep.equal({
      code: 0,
      out: 'db.example.com: removed with 5 tables\n',
      err: '',
    });
    expect(await fleet<readonly { host: string }[]>('hosts').then((hosts) => hosts.map(({ host }) => host))).to.deep.equal(['web-1']);
    expect(await fleet<readonly { host: string }[]>('links', 'v0').then((links) => links.map(({ host }) => host))).to.deep.equal(['web-1']);
    const unknown = await runCli('fleet', 'forget', 'db.example.com', ...to);
    expect([unknown.code, unknown.out]).to.deep.equal([1, '']);
    expect(unknown.err).to.contain("host 'db.example.com' is not in the fleet");
  });

  it('reports a second agent of a host to the first one', async () => {
    const second = new CommandHere('agent', ...to, '--host', 'web-1', '--netns', namespaces[0]().path, '--beat', '200ms');
    expect(await agents[0]!.ended).to.equal(1);
    expect(agents[0]!.stderr).to.match(/another agent of host 'web-1' started later/);
    await second.prints('Agent of web-1');
    const forgotten = await fleet<object>('forget', 'web-1', '--force');
    expect(forgotten).to.deep.include({ host: 'web-1', wasRunning: true });
    expect(await second.ended).to.equal(1);
    expect(second.stderr).to.contain("host 'web-1' was removed from the fleet");
    expect(await fleet('hosts')).to.deep.equal([]);
  });
});

describe('rxnetlink fleet without rows', function () {
  this.timeout(60_000 * PATIENCE);
  const namespace = useNamespace();
  let server: NatsServer;
  let to: readonly string[];
  const agent = (...tables: readonly string[]): CommandHere =>
    new CommandHere('agent', ...to, '--host=web-1', '--netns', namespace().path, '--beat=200ms', `--tables=${tables.join()}`);

  beforeEach(async () => {
    server = await startNatsServer();
    to = ['--server', server.url];
  });
  afterEach(() => server?.delete());

  it('states that there is no host', async () => {
    for (const part of ['hosts', 'links', 'routes']) {
      const { code, out, err } = await runCli('fleet', part, ...to);
      expect([code, out.split('\n').length]).to.deep.equal([0, 2]);
      expect(err).to.match(/^rxnetlink: the server has neither beats nor rows of a selected host; start .+\n$/);
    }
  });

  it('states which tables an agent does not publish, and that no row matches', async () => {
    const running = agent('links', 'rules');
    await running.prints('rules:');
    // The server has the rules after the first beat.
    let rules = await runCli('fleet', 'rules', '--json', ...to);
    for (const end = Date.now() + 20_000 * PATIENCE; rules.out === '[]\n' && Date.now() < end;)
      rules = await runCli('fleet', 'rules', '--json', ...to);
    expect(rules.err).to.equal('');
    expect(await runCli('fleet', 'links', 'lo', '--json', ...to)).to.deep.include({
      code: 0,
      err: 'rxnetlink: not published by the agent: addresses of web-1\n',
    });
    const routes = await runCli('fleet', 'routes', '--json', ...to);
    expect([routes.code, routes.out]).to.deep.equal([0, '[]\n']);
    expect(routes.err).to.include('rxnetlink: not published by the agent: routes of web-1\n');
    const none = await runCli('fleet', 'rules', 'priority=77', ...to);
    expect(none.err).to.equal('rxnetlink: no row of rules matches (hosts: 1)\n');
    await running.end();
  });

  it('prints that a table is gone with its name, and that a host is gone', async () => {
    const first = agent('links', 'rules');
    await first.prints('rules:');
    const monitor = new CommandHere('fleet', 'monitor', ...to);
    await monitor.prints('web-1: rules: ');
    await first.end();
    const second = agent('links');
    await monitor.prints('web-1: rules: gone\n');
    expect(monitor.stdout).not.to.include('web-1: gone\n');
    expect(monitor.stdout).not.to.include('web-1: links: gone\n');
    await second.end();
    expect((await runCli('fleet', 'forget', 'web-1', ...to)).code).to.equal(0);
    await monitor.prints('web-1: gone\n');
    await monitor.prints('web-1: links: gone\n');
    await monitor.end();
  });
});

describe('wrong calls of rxnetlink agent and rxnetlink fleet', () => {
  const server = '--server=nats://127.0.0.1:1';
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no server', ['fleet', 'hosts'], /--server is missing/],
    ['a password in the address', ['fleet', 'hosts', '--server=nats://user:secret@127.0.0.1'], /^(?!.*secret).*--nkey or --creds/],
    ['another protocol', ['fleet', 'hosts', '--server=http://127.0.0.1:1'], /expected an address/],
    ['an unknown part', ['fleet', 'lnks', server], /there is no 'lnks'; did you mean links/],
    ['a property that does not exist', ['fleet', 'links', 'colour=red', server], /'colour' is not a property/],
    ['an unknown table', ['fleet', 'monitor', 'link', server], /there is no table 'link'; did you mean links/],
    ['two ways to log in', ['fleet', 'hosts', server, '--nkey=a', '--creds=b'], /use one of them/],
    ['a policy without sockets', ['agent', server, '--policy=a.json'], /--policy is the policy of --serve-remote/],
    ['a cell', ['agent', server, '--cell=1024'], /--cell 1024: expected a number from 0 to 1023/],
    ['a cell that is not below their number', ['agent', server, '--cell=2', '--cells=2'], /--cell must be an integer from 0 to 1, not 2/],
    ['a number of cells', ['agent', server, '--cells=0'], /--cells 0: expected a number from 1 to 1024/],
    ['an empty host', ['fleet', 'hosts', server, '--hosts=a,,b'], /--hosts a,,b: expected names/],
    ['no document', ['fleet', 'plan', server], /expected one document/],
    ['no host', ['fleet', 'forget', server], /expected the name of one host/],
    ['a pattern of hosts', ['fleet', 'forget', 'web-*', server], /contains "\*"/],
    ['a table of an agent', ['agent', server, '--tables=lnks'], /--tables: unknown table 'lnks'; did you mean links\?/],
    ['a table twice', ['agent', server, '--tables=links,links'], /--tables: table 'links' is listed twice/],
    ['the name of a host', ['agent', server, '--host=a b'], /--host "a b" contains " "/],
    ['an empty name', ['agent', server, '--host='], /--host must not be empty/],
    ['a beat', ['agent', server, '--beat=5ms'], /--beat 5ms: expected a time from 10ms to 1h/],
    ['a name that is too long', ['fleet', 'hosts', server, `--hosts=${'x'.repeat(65)}`], /--hosts: 'x+' has 65 characters/],
    ['a port', ['fleet', 'hosts', '--server=127.0.0.1:99999'], /--server '127.0.0.1:99999': expected an address/],
    ['a folder', ['fleet', 'hosts', server, '--nkey=/'], /--nkey \/: expected a file, not a folder/],
    ['a certificate', ['fleet', 'hosts', server, `--tls-ca=${import.meta.filename}`], /does not contain a certificate/],
  ];
  for (const [name, words, expected] of cases)
    it(`reports ${name}`, async () => {
      const { code, out, err } = await runCli(...words);
      expect([code, out]).to.deep.equal([64, '']);
      expect(err).to.match(expected);
    });

  it('reports a policy that names no family, before it takes the place of an agent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rxnl-policy-'));
    try {
      const file = join(folder, 'policy.json');
      for (const [policy, expected] of [
        ['{ "families": { "rt-lnk": ["get*"] } }', /policy\.json: policy\.families: family 'rt-lnk' is not known; did you mean rt-link\?$/],
        ['{ "netns": 3 }', /policy\.json: policy\.netns must be an array of names, not number$/],
        ['{', /policy\.json: the file is not valid JSON/],
      ] as const) {
        writeFileSync(file, policy);
        const { code, out, err } = await runCli('agent', server, '--serve-remote', `--policy=${file}`);
        expect([code, out]).to.deep.equal([64, '']);
        expect(err.trimEnd()).to.match(expected);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('reports a server that does not answer, and files that cannot be read', async () => {
    expect(await runCli('fleet', 'hosts', server)).to.deep.equal({
      code: 1,
      out: '',
      err: 'rxnetlink: cannot connect to nats://127.0.0.1:1: connection refused\n',
    });
    for (const option of ['--nkey', '--creds', '--tls-ca'])
      expect((await runCli('fleet', 'hosts', server, `${option}=/no/such/file`)).err).to.equal(
        'rxnetlink: cannot open /no/such/file: it does not exist\n',
      );
    const secret = await runCli('fleet', 'hosts', server, '--nkey', import.meta.filename);
    expect(secret.err).to.match(/does not contain the private key of a user, which begins with SU\n$/);
    expect(secret.err).not.to.include('describe');
  });
});
