import { chmodSync, chownSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { useNamespace } from '../../../support/namespace.js';
import { PATIENCE } from '../../../support/patience.js';
import { run, spawn, spawnSync, requirePrograms } from '../../../support/programs.js';
import { skipBecause } from '../../../support/unavailable.js';
import { root } from '../../cli/command.js';
import { until } from '../fleet-kit.js';
import { Deployment } from './deployment.js';
import { DYNAMIC_USER, readUnit, sandboxOf } from './unit-sandbox.js';

const HOST = 'web-1';
const MAIN = join(root, 'dist/cli/main.js');

/** A row of `ip -j`, and of `rxnetlink fleet --json`. */
type Row = Readonly<Record<string, unknown>>;

describe('the agent with the restrictions of the unit of docs/fleet', function () {
  this.timeout(60_000 * PATIENCE);
  const namespace = useNamespace();
  const deployment = new Deployment();
  const unit = readUnit(readFileSync(join(root, 'docs/fleet/rxnetlink-agent.service'), 'utf8'));
  const setting = (name: string): string => unit.get(`Service.${name}`)!.at(-1)!;
  let credentials: string;
  let sandbox: readonly string[];
  let agent: ChildProcess | undefined;
  let output = '';

  const inNamespace = (): readonly string[] => ['nsenter', `--net=${namespace().path}`, '--'];
  const isReadable = (): boolean =>
    spawnSync('setpriv', [`--reuid=${DYNAMIC_USER}`, '--clear-groups', process.execPath, MAIN, '--version']).status === 0;

  before(async function () {
    requirePrograms('setpriv', 'prlimit', 'unshare', 'systemd-analyze');
    if (process.getuid?.() !== 0) skipBecause(this, 'only root can change its user');
    if (!isReadable()) skipBecause(this, 'another user cannot run the command of this folder');
    credentials = mkdtempSync(join(tmpdir(), 'rxnl-credentials-'));
    sandbox = sandboxOf(unit, join(credentials, 'filter'));
    namespace().batch([
      'link set lo up',
      'link add br0 mtu 1400 type bridge',
      'link set br0 up',
      'address add 192.0.2.1/24 dev br0',
      'route add 198.51.100.0/24 via 192.0.2.2',
    ]);
    await deployment.start([HOST], [], inNamespace());
    const names = unit.get('Service.LoadCredential')!.map((value) => value.split(':'));
    expect(names).to.deep.equal([
      ['agent.nk', '/etc/rxnetlink/agent.nk'],
      ['ca.pem', '/etc/rxnetlink/ca.pem'],
    ]);
    for (const [name, source] of [
      ['agent.nk', deployment.keyFile(`agent-${HOST}`)],
      ['ca.pem', deployment.caFile],
    ] as const) {
      const file = join(credentials, name);
      copyFileSync(source, file);
      chownSync(file, DYNAMIC_USER, DYNAMIC_USER);
      chmodSync(file, 0o400);
    }
    chmodSync(credentials, 0o755);
    fleet('admin', 'streams');
  });
  after(async () => {
    agent?.kill('SIGKILL');
    await deployment.delete();
    if (credentials !== undefined) rmSync(credentials, { recursive: true, force: true });
  });

  const server = (): string => `tls://localhost:${deployment.server.port}`;
  function fleet(user: string, ...words: readonly string[]): string {
    const options = ['--server', server(), '--nkey', deployment.keyFile(user), '--tls-ca', deployment.caFile];
    return namespace().run(process.execPath, MAIN, 'fleet', ...words, ...options);
  }

  const rows = (table: string): readonly Row[] => JSON.parse(fleet('reader', table, '--json')) as readonly Row[];
  const ip = (...words: readonly string[]): readonly Row[] => JSON.parse(namespace().run('ip', '-j', ...words)) as readonly Row[];
  const sorted = (texts: readonly string[]): readonly string[] => texts.toSorted();

  function links(): readonly string[] {
    return sorted(rows('links').map(({ name, mtu, mac }) => JSON.stringify([name, mtu, mac])));
  }
  function linksOfIp(): readonly string[] {
    return sorted(
      ip('link').map(({ ifname, mtu, address, link_type: type }) =>
        JSON.stringify([ifname, mtu, type === 'loopback' ? undefined : address]),
      ),
    );
  }

  /** Runs a program with the same restrictions. */
  function restricted(...command: readonly string[]): string {
    const [first = '', ...rest] = [...inNamespace(), ...sandbox, ...command];
    const { status, stdout, stderr } = spawnSync(first, rest, { encoding: 'utf8' });
    return `${status}: ${stdout}${stderr}`;
  }

  it('has no capability, and the kernel refuses what the unit forbids', () => {
    const status = restricted('cat', '/proc/self/status');
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(status).to.match(new RegExp(`^${set}:\\s+0{16}$`, 'm'));
    expect(status).to.match(/^NoNewPrivs:\s+1$/m);
    expect(status).to.match(/^Seccomp:\s+2$/m);
    expect(status).to.match(/^Umask:\s+0077$/m);
    expect(restricted('unshare', '--user', 'true')).to.match(/^1: .*Operation not permitted/);
    expect(restricted('touch', '/usr/x')).to.match(/^1: .*Read-only file system/);
    const connect = "require('net').connect('/x').on('error', ({ code }) => console.log(code))";
    expect(restricted(process.execPath, '-e', connect)).to.match(/^0: EAFNOSUPPORT/);
    const socket = "require('dgram').createSocket('udp4').bind(0, function () { console.log('bound'); this.close(); })";
    expect(restricted(process.execPath, '-e', socket)).to.equal('0: bound\n');
  });

  it('publishes links, addresses and routes as `ip -j` has them, and their changes', async () => {
    const [command = '', ...words] = setting('ExecStart').split(' ');
    expect(command).to.equal('/usr/local/bin/rxnetlink');
    expect(setting('EnvironmentFile')).to.equal('/etc/rxnetlink/agent.env');
    const [, options = ''] = /^RXNETLINK_OPTIONS=(\S+)\n$/.exec(readFileSync(deployment.environmentFile(HOST), 'utf8')) ?? [];
    expect(options).to.equal('--cell=0');
    expect(words.at(-1)).to.equal('$RXNETLINK_OPTIONS');
    const given = [...words.slice(0, -1), options].map((word) =>
      word.replace('%H', HOST).replace('%d', credentials).replace('tls://nats.example.com:4222', server()),
    );
    const [first = '', ...rest] = [...inNamespace(), ...sandbox, process.execPath, MAIN, ...given];
    agent = spawn(first, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [agent.stdout!, agent.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    await until(() => output.includes('neighbours:') || agent!.exitCode !== null);
    expect(output).to.include(`Agent of ${HOST}`);
    expect(readFileSync(`/proc/${agent.pid}/status`, 'utf8')).to.match(/^CapEff:\s+0{16}$/m);
    await until(() => links().length > 0);
    expect(links()).to.deep.equal(linksOfIp());
    const addresses = ip('address').flatMap(({ ifname, addr_info: found }) =>
      (found as readonly Row[]).map(({ local, prefixlen }) => `${String(ifname)} ${String(local)}/${String(prefixlen)}`),
    );
    expect(sorted(rows('addresses').map(({ link, address }) => `${String(link)} ${String(address)}`))).to.deep.equal(sorted(addresses));
    const routes = ip('-4', 'route', 'show', 'table', 'main').map(({ dst, dev }) => `${String(dst)} ${String(dev)}`);
    const main = rows('routes').filter(({ table, family }) => table === 'main' && family === 4);
    expect(sorted(main.map(({ to, link }) => `${String(to)} ${String(link)}`))).to.deep.equal(sorted(routes));

    namespace().batch(['link add br1 type bridge', 'link set br0 mtu 1300', 'link del br1', 'link add br2 type bridge']);
    await until(() => JSON.stringify(links()) === JSON.stringify(linksOfIp()));
    expect(links().join()).to.include('br2').and.to.include('1300');
  });

  it('needs less memory than the limit of the unit, and ends with the status that the unit expects', async () => {
    const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${agent!.pid}/status`, 'utf8'))![1]) / 1024;
    expect(setting('MemoryMax')).to.match(/^\d+M$/);
    expect(peak).to.be.below(parseInt(setting('MemoryMax'), 10));
    expect(
      run('ls', [`/proc/${agent!.pid}/task`])
        .trim()
        .split('\n').length,
    ).to.be.below(Number(setting('TasksMax')));
    const ended = new Promise((resolve) => agent!.once('close', (code) => resolve(code)));
    agent!.kill('SIGTERM');
    expect(await ended).to.equal(Number(setting('SuccessExitStatus')));
    expect(output).not.to.match(/error|EPERM/i);
  });
});
