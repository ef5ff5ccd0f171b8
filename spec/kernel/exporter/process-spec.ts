import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli } from '../../cli/run-cli.js';
import { needsChildNode } from '../../support/emulator.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { requirePrograms, spawn, spawnSync } from '../../support/programs.js';
import { CommandHere, CommandProcess, root, until } from '../cli/command.js';
import { seriesOf, type Series } from './scraped.js';

const addressIn = (text: string): string => /http:\S+/.exec(text)![0];
const scrape = async (text: string): Promise<Series> => seriesOf(await (await fetch(addressIn(text))).text());

describe('process of rxnetlink exporter', function () {
  this.timeout(120_000);

  before(function () {
    needsChildNode(this);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`ends by ${signal} with 130, and frees the port`, async () => {
      const command = new CommandProcess('exporter', '--port', '0');
      try {
        await command.prints('\n');
        const url = addressIn(command.stdout);
        const series = await scrape(command.stdout);
        const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { readonly version: string };
        expect(series.get(`rxnetlink_build_info{version="${version}",node="${process.version}"}`)).to.equal('1');
        expect(series.get('node_network_iface_id{device="lo"}')).to.equal('1');
        command.child.kill(signal);
        expect(await command.ended).to.deep.equal({ code: 130, signal: null });
        expect(command.stdout).to.equal(`Metrics at ${url} (Ctrl-C ends the exporter)\n`);
        expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
        const next = createServer();
        await new Promise<void>((resolve, reject) => next.once('error', reject).listen(Number(new URL(url).port), '127.0.0.1', resolve));
        next.close();
      } finally {
        command.child.kill('SIGKILL');
      }
    });

  it('runs as another user without capabilities: what it may not read has success 0, and one line on standard error', async () => {
    requirePrograms('setpriv');
    const isWholeMachine = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/)[2] === '4294967295';
    const user = isWholeMachine ? ['--reuid=65534', '--regid=65534', '--clear-groups'] : ['--bounding-set=-all'];
    const args = [...user, '--inh-caps=-all', process.execPath, 'dist/cli/main.js', 'exporter', '--port=0'];
    const child = spawn('setpriv', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    try {
      await until(() => stdout.includes('\n'), 'the command printed nothing');
      await scrape(stdout);
      const series = await scrape(stdout);
      const successes = [...series].flatMap(([name, value]) => {
        const [, collector] = /^rxnetlink_scrape_collector_success\{collector="(\w+)"\}$/.exec(name) ?? [];
        return collector === undefined ? [] : [[collector, value]];
      });
      expect(Object.fromEntries(successes)).to.deep.equal({
        links: '1',
        ethtool: '1',
        qdiscs: '1',
        neighbours: '1',
        tcp: '1',
        conntrack: '0',
        nftables: '0',
      });
      expect(series.get('rxnetlink_scrape_collector_errors_total{collector="nftables"}')).to.equal('2');
      expect(series.has('node_network_receive_bytes_total{device="lo"}')).to.equal(true);
      await until(() => stderr.split('\n').length === 3, `two lines are missing: ${stderr}`);
      for (const name of ['conntrack', 'nftables'])
        expect(stderr).to.match(new RegExp(`^rxnetlink: no metrics of ${name}: .*CAP_NET_ADMIN`, 'm'));
    } finally {
      child.kill('SIGKILL');
    }
  });

  for (const [args, err] of [
    [['--port=65536'], '--port 65536: expected a number from 0 to 65535'],
    [['--port=-1'], '--port -1: expected a number from 0 to 65535'],
    [['--port=http'], '--port http: expected a number from 0 to 65535'],
    [['--listen=localhost'], '--listen localhost: expected an IP address, such as 192.0.2.1, or :: for all addresses'],
    [['--listen=192.0.2.1/24'], '--listen 192.0.2.1/24: expected an IP address, such as 192.0.2.1, or :: for all addresses'],
    [['--listen='], '--listen : expected an IP address, such as 192.0.2.1, or :: for all addresses'],
    [['--include='], "--include : '': expected the name of a link, in which * stands for any characters and ? for one"],
    [['--exclude=lo,a b'], "--exclude lo,a b: 'a b': expected the name of a link, in which * stands for any characters and ? for one"],
    [['--collectors=links,qdisc'], "--collectors: there is no collector 'qdisc'; did you mean qdiscs?"],
    [
      ['--collectors=everything'],
      "--collectors: there is no collector 'everything'; expected some of links, ethtool, qdiscs, neighbours, tcp, conntrack, nftables",
    ],
    [['--timeout=fast'], '--timeout fast: expected a time with its unit, such as 30s or 5m, of at most 24 days'],
  ] as const)
    it(`exits with 64 for ${args.join(' ')}`, async () => {
      expect(await runCli('exporter', ...args)).to.deep.equal({ code: 64, out: '', err: `rxnetlink: ${err}\n` });
    });

  it('exits with 1 and one line if the port is in use, the address is not one of this machine, and the namespace does not exist', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { readonly port: number };
    const inUse = await runCli('exporter', '--port', String(port));
    other.close();
    const err = `rxnetlink: port ${String(port)} is in use at 127.0.0.1; choose another one with --port\n`;
    expect(inUse).to.deep.equal({ code: 1, out: '', err });
    const foreign = await runCli('exporter', '--listen=192.0.2.77');
    expect([foreign.code, foreign.out]).to.deep.equal([1, '']);
    expect(foreign.err).to.match(/^rxnetlink: 192\.0\.2\.77 is not an address of this machine; [^\n]*\n$/);
    const missing = await runCli('exporter', '--netns', 'no-such-namespace');
    expect([missing.code, missing.out]).to.deep.equal([1, '']);
    expect(missing.err).to.match(/^rxnetlink: [^\n]*no-such-namespace[^\n]*\n$/);
  });
});

describe('rxnetlink exporter of another network namespace', () => {
  const namespace = useNamespace();

  it('listens at another address only if it is given, and accepts the host names of that', async function () {
    needsChildNode(this);
    namespace().batch(['link add a0 type veth peer name b0', 'address add 192.0.2.1/24 dev a0', 'link set a0 up', 'link set b0 up']);
    const args = [join(root, 'dist/cli/main.js'), 'exporter', '--listen=192.0.2.1', '--collectors=links'];
    const child = namespace().start(process.execPath, ...args);
    let stdout = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    await until(() => stdout.includes('\n'), 'the command printed nothing');
    expect(stdout).to.equal('Metrics at http://192.0.2.1:19100/metrics (Ctrl-C ends the exporter)\n');
    const script = `
      const { get } = require('node:http');
      const ask = (host) => new Promise((resolve) => {
        const options = { host, port: 19100, path: '/metrics', headers: { host: 'router.example' } };
        get(options, ({ statusCode }) => resolve(statusCode)).on('error', ({ code }) => resolve(code));
      });
      Promise.all(['192.0.2.1', '127.0.0.1'].map(ask)).then((answers) => (console.log(answers.join()), process.exit()));`;
    expect(namespace().run(process.execPath, '-e', script)).to.equal('200,ECONNREFUSED\n');
    child.kill();
  });

  it('exits with 1 and one line in a namespace whose loopback is down', function () {
    needsChildNode(this);
    namespace().ip('link set lo down');
    const command = [`--net=${namespace().path}`, '--', process.execPath, 'dist/cli/main.js', 'exporter'];
    const { status, stdout, stderr } = spawnSync('nsenter', command, { cwd: root, encoding: 'utf8', timeout: 20_000 });
    expect({ status, stdout, stderr }).to.deep.equal({
      status: 1,
      stdout: '',
      stderr: 'rxnetlink: nothing reaches 127.0.0.1 in this network namespace; set its link lo up first\n',
    });
  });

  it('does not keep the namespace, and has no success after it was deleted', async function () {
    const { name } = namespace();
    if (name === undefined) skipBecause(this, 'only a namespace with a name can be deleted by its name');
    namespace().ip('link add gone0 type bridge');
    const command = new CommandHere('exporter', '--port=0', '--netns', name);
    await command.prints('\n');
    expect((await scrape(command.stdout)).has('node_network_up{device="gone0"}')).to.equal(true);
    namespace().delete();
    const series = await scrape(command.stdout);
    const successes = [...series].filter(([series]) => series.startsWith('rxnetlink_scrape_collector_success')).map(([, value]) => value);
    expect(successes).to.deep.equal(['0', '0', '0', '0', '0', '0', '0']);
    expect(command.stderr).to.match(new RegExp(`^rxnetlink: no metrics of links: .*${name}`, 'm'));
    await command.end();
  });
});
