import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { needsChildNode } from '../../../support/emulator.js';
import { createNamespace, skipBecause, useNamespace } from '../../../support/namespace.js';
import { requirePrograms, spawn, spawnSync } from '../../../support/programs.js';
import { CommandHere, CommandProcess, until } from '../command.js';
import { startTool } from './event-tool.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const LISTENING = '"type":"listening"';

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

  before(() => {
    namespace().batch(['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up', 'address add 10.0.0.1/24 dev v0']);
  });

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
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

  it('receives its own namespace without a privilege, and names the others: --all-namespaces', async function () {
    needsChildNode(this);
    requirePrograms('setpriv');
    const { name } = namespace();
    const other = createNamespace();
    ends.push(() => other.delete());
    if (name === undefined || other.name === undefined) skipBecause(this, 'only namespaces with a name are listed');
    const command = ['setpriv', '--bounding-set=-all', '--inh-caps=-all', process.execPath, 'dist/cli/main.js', 'monitor'];
    const child = spawn('nsenter', [`--net=${namespace().path}`, '--', ...command, 'links', '--all-namespaces', '--json'], { cwd: root });
    ends.push(() => child.kill('SIGKILL'));
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const failureOf = (failed: string): string | undefined => err.split('\n').find((line) => line.includes(` namespace ${failed}: `));
    await until(() => failureOf(other.name!) !== undefined, 'the other namespace was not named');
    await until(() => out.includes(LISTENING) || failureOf(name) !== undefined, 'its own namespace was not opened');
    expect(failureOf(name)).to.equal(undefined);
    expect(failureOf(other.name)).to.include('EPERM');
    namespace().ip('link add w0 type veth peer name w1');
    await until(() => /"topic":"links".*"w0"/.test(out), 'the new link was not printed');
    const events = out.split('\n').slice(0, -1);
    expect(new Set(events.map((line) => (JSON.parse(line) as { readonly namespace?: string }).namespace))).to.deep.equal(new Set([name]));
  });

  it('names the elements of sets as nft does, also of sets that were there before', async () => {
    requirePrograms('nft');
    const nft = (...lines: readonly string[]) => namespace().run('nft', lines.join('; '));
    nft(
      'add table inet e',
      'add set inet e a { type ipv4_addr; }',
      'add set inet e b { type ether_addr; }',
      'add set inet e c { type ipv6_addr . inet_service; }',
      'add map inet e m { type inet_proto : verdict; }',
    );
    const command = await monitor('firewall');
    const tool = await startTool(namespace(), 'nft', 'monitor');
    ends.push(tool.end);
    nft(
      'add element inet e a { 10.0.0.1 }',
      'add element inet e b { 02:00:00:00:00:09 }',
      'add element inet e c { 2001:db8::1 . 443 }',
      'add element inet e m { tcp : accept }',
      'add set inet e i { type ipv4_addr; flags interval; }',
      'add element inet e i { 10.1.0.0-10.1.0.9 }',
      'delete element inet e a { 10.0.0.1 }',
    );
    await command.prints('"operation":"newgen"');
    await until(() => tool.lines.some((line) => line.includes('new generation')), 'nft monitor printed nothing');
    const texts = command.objects().flatMap(({ operation, text }) => (String(operation).endsWith('setelem') ? [String(text)] : []));
    const shown = tool.lines.flatMap((line) => {
      const [, verb, family, table, set, keys] = /^(add|delete) element (\w+) (\w+) (\w+) \{ (.*) \}$/.exec(line) ?? [];
      if (verb === undefined || set === 'i') return [];
      return [`element ${keys!} ${verb === 'add' ? 'added to' : 'removed from'} set ${family!} ${table!} ${set!}`];
    });
    expect(shown).to.have.length(5);
    expect(texts).to.include.members(shown);
    // The kernel reports both ends of an interval.
    expect(texts.filter((text) => text.endsWith(' i'))).to.include.members([
      'element from 10.1.0.0 added to set inet e i',
      'element before 10.1.0.10 added to set inet e i',
    ]);
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
