import { expect } from 'chai';
import { basename } from 'node:path';
import { createNamespace, skipBecause, useNamespace, type Namespace } from '../../support/namespace.js';
import { CommandHere, until } from '../cli/command.js';
import { DashboardClient } from './dashboard-client.js';

describe('topology of rxnetlink dashboard', function () {
  this.timeout(120_000);
  const own = useNamespace();
  let other: Namespace;
  let third: Namespace;
  let command: CommandHere;
  let page: DashboardClient;

  before(async function () {
    if (own().name === undefined) skipBecause(this, 'namespaces without a name are not in the topology');
    [other, third] = [createNamespace(), createNamespace()];
    own().batch([
      'link add br0 type bridge',
      `link add v0 master br0 type veth peer name far0 netns ${other.name!}`,
      'link add near0 type veth peer name near1',
      'link add mv0 link near0 type macvlan',
      'link set br0 up',
      'link set near0 up',
    ]);
    // Index and peer index of both pairs may be equal: only the number of the namespace distinguishes them.
    own().ip(`link add v1 index 500 type veth peer name far1 index 501 netns ${other.name!}`);
    own().ip(`link add v2 index 502 type veth peer name far2 index 503 netns ${third.name!}`);
    other.ip(`link add w0 index 600 type veth peer name w1 index 601 netns ${third.name!}`);
    other.ip('addr add 10.7.0.2/24 dev far0');
    own().ip('link add vx0 type vxlan id 9 remote 10.7.0.2 dstport 4789');
    own().ip('link add vx1 type vxlan id 10 remote 10.7.0.77 dstport 4789');
    command = new CommandHere('dashboard', '--netns', own().name!);
    await command.prints('\n');
    page = await new DashboardClient().open(/http:\S+/.exec(command.stdout)![0]);
  });
  after(async () => {
    page?.close();
    await command?.end();
    other?.delete();
    third?.delete();
  });

  /** Waits until the connections of these links are those expected; other specs of the machine make namespaces too. */
  const untilConnected = async (expected: readonly string[]) => {
    const names = [own(), other, third].map(({ path }) => basename(path));
    const shown = () =>
      page
        .connections()
        .filter((line) => names.some((name) => line.includes(`@${name}`)))
        .sort();
    const wanted = [...expected].sort();
    await until(() => JSON.stringify(shown()) === JSON.stringify(wanted), 'other connections').catch(() => undefined);
    expect(shown()).to.deep.equal(wanted);
  };
  const expected = () => {
    const [a, b, c] = [own().name!, other.name!, third.name!];
    const pair = (one: string, two: string) => `veth ${[one, two].sort().join(' ')}`;
    return [
      pair(`v0@${a}`, `far0@${b}`),
      pair(`near0@${a}`, `near1@${a}`),
      pair(`v1@${a}`, `far1@${b}`),
      pair(`v2@${a}`, `far2@${c}`),
      pair(`w0@${b}`, `w1@${c}`),
      `lower mv0@${a} near0@${a}`,
      `tunnel vx0@${a} far0@${b} 10.7.0.2`,
      `tunnel vx1@${a} 10.7.0.77 10.7.0.77`,
    ];
  };

  it('connects pairs across namespaces, links with their parents, and tunnels with their remotes', async () => {
    await untilConnected(expected());
    const [first] = page.topology.namespaces!;
    expect(first!.name).to.equal(own().name);
    const node = (name: string) => [...page.nodes.values()].find((found) => found.namespace === first!.id && found.name === name)!;
    expect(node('v0').master).to.equal(node('br0').id);
    expect([node('lo').kind, node('br0').kind, node('v0').kind, node('vx0').kind]).to.deep.equal(['loopback', 'bridge', 'veth', 'vxlan']);
    expect([node('v0').state, node('lo').state]).to.deep.equal(['disabled', 'up']);
    await until(() => page.tables.get('links')?.get(node('br0').id)?.[0] === 'br0', 'the row of a link has not the key of its node');
  });

  it('follows a link that moves to another namespace, and a namespace that is deleted', async () => {
    const [a, b, c] = [own().name!, other.name!, third.name!];
    other.ip(`link set far1 netns ${c}`);
    const moved = expected().map((line) => line.replace(`far1@${b}`, `far1@${c}`));
    await untilConnected(moved);
    third.delete();
    await until(() => page.topology.namespaces!.every(({ name }) => name !== c), 'the deleted namespace is still shown');
    const left = moved.filter((line) => !line.includes(`@${c}`));
    await untilConnected(left);
    expect([...page.nodes.values()].map(({ name }) => name)).to.not.include('far1');
    expect(left.some((line) => line.includes(`v1@${a}`))).to.equal(false);
  });
});
