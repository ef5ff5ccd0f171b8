import { expect } from 'chai';
import { runCli } from '../../../cli/run-cli.js';
import { useNamespace } from '../../../support/namespace.js';
import { spawn } from '../../../support/programs.js';
import { startNatsServer, type NatsServer } from '../../../support/nats-server.js';
import { PATIENCE } from '../../../support/patience.js';
import { CommandHere } from '../command.js';

/** The counters of a link by `ip -j -s link`. */
interface Counted {
  readonly stats64: Readonly<Record<'rx' | 'tx', { readonly bytes: number; readonly packets: number }>>;
}

describe('rxnetlink fleet with sampled tables', function () {
  this.timeout(60_000 * PATIENCE);
  const namespace = useNamespace();
  let server: NatsServer;
  let to: readonly string[];
  let agent: CommandHere;

  before(async () => {
    server = await startNatsServer();
    to = ['--server', server.url];
    namespace().ip('link set lo up');
    send();
    const tables = '--tables=link-counters,sockets,conntrack-statistics,firewall-counters';
    agent = new CommandHere('agent', ...to, '--host=web-1', '--netns', namespace().path, '--beat=200ms', '--sample=1s', tables);
    for (const table of ['link-counters', 'sockets']) await agent.prints(`${table}: `);
  });
  after(async () => {
    await agent?.end();
    await server?.delete();
  });

  /** Sends a datagram to the host itself, which counts in lo. */
  const send = (): string => namespace().run('bash', '-c', 'echo > /dev/udp/127.0.0.1/9');
  const counted = (): Counted => (JSON.parse(namespace().run('ip', '-j', '-s', 'link', 'show', 'lo')) as readonly [Counted])[0];
  const rows = async <T>(...words: readonly string[]): Promise<readonly T[]> => {
    const { code, out, err } = await runCli('fleet', ...words, '--json', ...to);
    expect(code, err).to.equal(0);
    return JSON.parse(out) as readonly T[];
  };
  /** Waits until the last reading is that of now. */
  async function until<T>(read: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
    const end = Date.now() + 20_000 * PATIENCE;
    let value = await read();
    while (!isDone(value) && Date.now() < end) value = await read();
    return value;
  }

  it('lists the counters of links that ip lists', async () => {
    const { rx, tx } = counted().stats64;
    expect(rx.packets).to.be.above(0);
    type Row = Readonly<Record<'host' | 'ifname', string>> & Readonly<Record<'rxBytes' | 'rxPackets' | 'txBytes', number | string>>;
    const [lo, ...others] = await until(
      () => rows<Row>('link-counters', 'lo'),
      ([row]) => Number(row?.rxBytes) === rx.bytes,
    );
    expect(others).to.deep.equal([]);
    expect([lo!.host, lo!.ifname, ...[lo!.rxBytes, lo!.rxPackets, lo!.txBytes].map(Number)]).to.deep.equal([
      'web-1',
      'lo',
      rx.bytes,
      rx.packets,
      tx.bytes,
    ]);
    const { out } = await runCli('fleet', 'link-counters', ...to);
    expect(out).to.match(/^HOST +LINK +RX-BYTES +RX-PACKETS .*\nweb-1 +lo +\d+ +\d+ /);
  });

  it('lists the number of sockets by state', async () => {
    const program = "require('net').createServer().listen(0, '127.0.0.1')";
    const listening = spawn('nsenter', [`--net=${namespace().path}`, '--', process.execPath, '-e', program]);
    try {
      const found = await until(
        () => rows<object>('sockets', 'listen', 'protocol=tcp'),
        ({ length }) => length > 0,
      );
      expect(namespace().run('ss', '-Htln').trim().split('\n')).to.have.length(1);
      expect(found).to.deep.equal([{ host: 'web-1', protocol: 'tcp', addressFamily: 'ipv4', state: 'listen', count: 1 }]);
    } finally {
      listening.kill('SIGKILL');
    }
    const { code, err } = await runCli('fleet', 'sockets', 'protocl=tcp', ...to);
    expect([code, err]).to.deep.equal([64, err]);
    expect(err).to.match(/fleet sockets: rows have no property 'protocl'.*protocol/);
  });

  it('prints the changes of counters that are named', async () => {
    const monitor = new CommandHere('fleet', 'monitor', 'link-counters', '--json', ...to);
    await monitor.prints('"synced"');
    send();
    await monitor.prints('"changed"');
    await monitor.end();
    expect(monitor.stderr).to.equal('');
    expect(new Set(monitor.objects().map(({ table }) => table))).to.deep.equal(new Set(['link-counters']));
    const changed = monitor.objects().find(({ type }) => type === 'changed');
    expect(changed?.['text']).to.match(/^counters of link lo changed: .*rxPackets \d+ -> \d+/);
  });

  it('reports a table that no agent publishes', async () => {
    const { code, err } = await runCli('fleet', 'links', ...to);
    expect(code).to.equal(0);
    expect(err).to.match(/not published by the agent: links of web-1/);
  });
});
