import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { needsChildNode } from '../../../support/child-node.js';
import { useNamespace } from '../../../support/namespace.js';
import { requirePrograms, spawnSync } from '../../../support/programs.js';
import { CommandHere, CommandProcess } from '../command.js';

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
