import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { needsChildNode } from '../../support/child-node.js';
import { useNamespace } from '../../support/namespace.js';
import { requirePrograms, spawnSync } from '../../support/programs.js';
import { rounds } from '../../support/rounds.js';
import { CommandHere, CommandProcess, until } from './command.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const LISTENING = '"type":"listening"';
const COUNT = rounds(5000, 100_000);

describe('rxnetlink monitor', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  const ends: (() => unknown)[] = [];

  const words = (args: readonly string[]) => ['monitor', '--json', '--netns', namespace().path, ...args];

  const monitor = async (...args: readonly string[]): Promise<CommandHere> => {
    const command = new CommandHere(...words(args));
    ends.push(() => command.end());
    await command.prints(LISTENING);
    return command;
  };

  const startMonitor = async (...args: readonly string[]): Promise<CommandProcess> => {
    const command = new CommandProcess(...words(args));
    ends.push(() => command.child.kill('SIGKILL'));
    await command.prints(LISTENING);
    return command;
  };

  const startTool = (program: string, ...args: readonly string[]) => {
    const child = namespace().start(program, ...args);
    ends.push(() => child.kill('SIGKILL'));
    return listener(child);
  };

  before(() => {
    namespace().batch(['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up', 'address add 10.0.0.1/24 dev v0']);
  });

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  it('prints the events that ip, nft and conntrack print', async () => {
    requirePrograms('nft', 'conntrack');
    const command = await monitor();
    const tools = [
      await startTool('ip', '-o', 'monitor', 'label', 'link', 'address', 'route', 'neigh', 'rule', 'nexthop'),
      await startTool('nft', 'monitor'),
      await startTool('conntrack', '-E'),
    ] as const;
    write(namespace());
    await command.prints('"text":"address 10.99.0.1/24 set on v0"');
    const [ip, nft, conntrack] = tools;
    const destroyed = () => (conntrack.output.match(/\[DESTROY\]/g) ?? []).length;
    const isComplete = () => ip.output.includes('10.99.0.1/24') && nft.output.includes('last') && destroyed() === 3;
    await until(isComplete, 'a tool did not print the last change');
    const events = command.objects().filter(({ type }) => type === 'change');
    const topics = (topic: string) => events.filter((event) => event['topic'] === topic).length;
    const labels = (label: string) => ip.output.split('\n').filter((line) => line.startsWith(`[${label}]`)).length;
    expect({
      links: topics('links'),
      addresses: topics('addresses'),
      routes: topics('routes'),
      neighbours: topics('neighbours'),
      rules: topics('rules'),
      nexthops: topics('nexthops'),
    }).to.deep.equal({
      links: labels('LINK'),
      addresses: labels('ADDR'),
      routes: labels('ROUTE'),
      neighbours: labels('NEIGH'),
      rules: labels('RULE'),
      nexthops: labels('NEXTHOP'),
    });
    const firewall = events
      .filter(({ topic, operation }) => topic === 'firewall' && operation !== 'newgen')
      .map(({ operation }) => operation);
    expect(firewall).to.deep.equal(operationsOf(nft.output));
    expect(topics('connections')).to.equal(conntrack.output.split('\n').filter((line) => /^\s*\[/.test(line)).length);
    expect(events.filter(({ type }) => type === 'lost')).to.deep.equal([]);
  });

  it('prints the port ID of a change, and its process', async () => {
    const command = await monitor('rules', 'firewall');
    namespace().batch(['rule add from 10.7.0.0/16 lookup 7', 'rule add from 10.8.0.0/16 lookup 8']);
    requirePrograms('nft');
    namespace().run('nft', 'add table inet named');
    await command.prints('"operation":"newgen"');
    const by = command.objects().find(({ operation }) => operation === 'newgen')!;
    expect(by['process']).to.have.property('command', 'nft');
    const rules = command.objects().filter(({ topic }) => topic === 'rules');
    expect(rules.map(({ text }) => text)).to.deep.equal([
      'rule 32765 from 10.7.0.0/16 uses table 7 added',
      'rule 32764 from 10.8.0.0/16 uses table 8 added',
    ]);
    expect(rules.every(({ port }) => typeof port === 'number')).to.equal(true);
  });

  it(`loses none of ${String(COUNT)} events to a slow reader without reporting it, and ends with 0 when the reader ends`, async function () {
    needsChildNode(this);
    const command = await startMonitor('routes');
    command.child.stdout!.pause();
    const lines = Array.from(
      { length: COUNT },
      (_, index) => `route add 20.${String(index >> 16)}.${String((index >> 8) & 255)}.${String(index & 255)} dev v0`,
    );
    namespace().batch([...lines, 'route add 10.77.0.0/16 dev v0']);
    command.child.stdout!.resume();
    await command.prints('route 10.77.0.0/16');
    const events = command.objects();
    const routes = events.filter(({ topic, operation }) => topic === 'routes' && operation === 'newroute').length - 1;
    const lost = events.filter(({ type }) => type === 'lost').reduce((sum, { datagrams }) => sum + Number(datagrams), 0);
    expect(routes + lost).to.equal(COUNT);
    command.child.stdout!.destroy();
    namespace().ip('route delete 10.77.0.0/16');
    expect(await command.ended).to.deep.equal({ code: 0, signal: null });
    expect(command.stderr).to.equal('');
  });

  it('exits with 1 if nothing can be received, and names the reason', function () {
    needsChildNode(this);
    requirePrograms('setpriv');
    // The kernel lets only CAP_NET_ADMIN listen to netfilter.
    const drop = ['setpriv', '--bounding-set=-all', '--inh-caps=-all', process.execPath, 'dist/cli/main.js', 'monitor', 'firewall'];
    const { status, stdout, stderr } = spawnSync('nsenter', [`--net=${namespace().path}`, '--', ...drop], { cwd: root, encoding: 'utf8' });
    expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' });
    expect(stderr).to.match(/^rxnetlink: not received: firewall: .*EPERM.*\n$/);
  });

  it('ends with 130 after SIGINT', async function () {
    needsChildNode(this);
    const { child, ended } = await startMonitor('addresses');
    child.kill('SIGINT');
    expect(await ended).to.deep.equal({ code: 130, signal: null });
  });
});

/** Changes all tables that `ip monitor`, `nft monitor` and `conntrack -E` print. */
function write({ batch, run }: ReturnType<ReturnType<typeof useNamespace>>): void {
  batch([
    'link set v0 mtu 1400',
    'link add v2 type veth peer name v3',
    'link set v2 up',
    'address add 10.2.0.1/24 dev v2',
    'address add fd02::1/64 dev v2 nodad',
    'route add 10.3.0.0/16 via 10.0.0.2',
    'route replace 10.3.0.0/16 via 10.0.0.3',
    'route append 10.3.0.0/16 via 10.0.0.4',
    'route add default table 77 nexthop via 10.0.0.4 nexthop via 10.0.0.5 weight 3',
    'route add blackhole 10.4.0.0/16',
    'nexthop add id 7 via 10.0.0.9 dev v0',
    'nexthop delete id 7',
    'rule add from 10.9.0.0/16 lookup 77',
    'rule delete from 10.9.0.0/16 lookup 77',
    'neigh add 10.0.0.77 lladdr 02:00:00:00:00:01 dev v0',
    'neigh delete 10.0.0.77 dev v0',
    'route delete 10.4.0.0/16',
    'link delete v2',
  ]);
  run(
    'nft',
    'add table inet t; add chain inet t c { type filter hook input priority 0; }; add rule inet t c accept; add set inet t s { type ipv4_addr; }',
  );
  run('nft', 'add element inet t s { 10.0.0.1 }; delete element inet t s { 10.0.0.1 }; delete table inet t; add table inet last');
  for (const port of ['1', '2', '3'])
    run('conntrack', '-I', '-p', 'udp', '-s', '9.9.9.9', '-d', '8.8.8.8', '--sport', port, '--dport', '53', '--timeout', '60');
  run('conntrack', '-D', '-s', '9.9.9.9');
  batch(['address add 10.99.0.1/24 dev v0']);
}

/** Returns the operations of the lines of `nft monitor`: `add rule ...` is `newrule`. */
function operationsOf(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => /^(?:add|delete) /.test(line))
    .map((line) => {
      const [verb, noun] = line.split(' ');
      return `${verb === 'add' ? 'new' : 'del'}${noun === 'element' ? 'setelem' : String(noun)}`;
    });
}

/** Waits until a tool has joined its groups, and collects its output. */
async function listener(child: ChildProcess): Promise<{ readonly output: string }> {
  let output = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text));
  await until(() => hasGroups(child.pid!), `${child.spawnargs.join(' ')} joined no group`);
  // `ip` joins groups beyond 32 after that, and /proc does not show them.
  await delay(100);
  return {
    get output() {
      return output;
    },
  };
}

function hasGroups(processId: number): boolean {
  try {
    const directory = `/proc/${String(processId)}/fd`;
    const links = new Set(readdirSync(directory).map((name) => readlinkSync(`${directory}/${name}`)));
    const rows = readFileSync(`/proc/${String(processId)}/net/netlink`, 'utf8')
      .split('\n')
      .slice(1);
    return rows.some((row) => {
      const [, , , groups, , , , , , inode] = row.trim().split(/\s+/);
      return groups !== '00000000' && links.has(`socket:[${String(inode)}]`);
    });
  } catch {
    // The process is not yet the tool, or a descriptor was closed meanwhile.
    return false;
  }
}
