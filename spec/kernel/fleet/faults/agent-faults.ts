import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { createNamespace, type Namespace } from '../../../support/namespace.js';
import { run } from '../../../support/programs.js';
import { isLong } from '../../../support/rounds.js';
import { BEAT, FleetKit, until } from '../fleet-kit.js';
import { FaultyProcess } from './faulty-process.js';
import { Hosts, Observed } from './hosts.js';

const [HOSTS, LINKS, ROUTES] = isLong ? [20, 20, 500] : [3, 5, 100];

/** Milliseconds without a network. */
const CUT = isLong ? 30_000 : 6000;

describe('a fleet whose agents fail', function () {
  this.timeout(isLong ? 300_000 : 120_000);
  let kit: FleetKit;
  let hosts: Hosts;
  let observed: Observed;
  const agents: FaultyProcess[] = [];

  const start = async (options: Parameters<typeof FleetKit.create>[0] = {}, prefix: readonly string[] = []): Promise<FaultyProcess> => {
    kit = await FleetKit.create(options);
    hosts = new Hosts(HOSTS, LINKS, ROUTES);
    const agent = startAgents(prefix);
    await agent.ready();
    observed = new Observed(await kit.connect());
    await observed.equals(hosts);
    return agent;
  };
  const startAgents = (prefix: readonly string[] = []): FaultyProcess => {
    const agent = new FaultyProcess('agent-process.ts', [kit.server.url, String(BEAT), ...hosts.pairs], prefix);
    agents.push(agent);
    return agent;
  };
  afterEach(async () => {
    for (const agent of agents.splice(0)) await agent.kill();
    observed.stop();
    await kit.delete();
    hosts.delete();
  });

  const churn = async (milliseconds: number): Promise<void> => {
    for (const end = Date.now() + milliseconds; Date.now() < end; await delay(30)) hosts.change();
  };
  const count = (type: string): number => observed.changes.filter((change) => change.type === type).length;

  it('has all states after the agents were killed and started again', async () => {
    const agent = await start();
    await churn(300);
    await agent.kill();
    await churn(500);
    await until(() => count('silent') >= HOSTS * 3);
    await startAgents().ready();
    await until(() => count('back') >= HOSTS * 3);
    await churn(300);
    await observed.equals(hosts);
  });

  it('has all states after the agents were stopped and continued', async () => {
    const agent = await start();
    agent.child.kill('SIGSTOP');
    await churn(1000);
    await until(() => count('silent') >= HOSTS * 3);
    agent.child.kill('SIGCONT');
    await until(() => count('back') >= HOSTS * 3);
    await churn(300);
    await observed.equals(hosts);
    expect(agent.output.trim()).to.equal('ready');
  });

  it('has all states with two agents for each host, of which the one that started first ends', async () => {
    const first = await start();
    await churn(200);
    const second = startAgents();
    await second.ready();
    await churn(500);
    await observed.equals(hosts);
    for (const [host] of hosts.all)
      expect(first.output).to.contain(`${host}: FleetError: agent: another agent of host '${host}' started later`);
    expect(second.output.trim()).to.equal('ready');
    expect(count('gone')).to.equal(0);
  });

  it('ends a stopped agent that is continued after another one was started', async () => {
    const first = await start();
    first.child.kill('SIGSTOP');
    const second = startAgents();
    await second.ready();
    await churn(200);
    first.child.kill('SIGCONT');
    await until(() => hosts.all.every(([host]) => first.output.includes(`${host}: FleetError`)));
    await churn(200);
    await observed.equals(hosts);
    expect(second.output.trim()).to.equal('ready');
  });

  it(`has all states after ${String(CUT / 1000)} s without a network`, async () => {
    const outside: Namespace = createNamespace();
    try {
      run('ip', ['link', 'add', 'rxf0', 'type', 'veth', 'peer', 'name', 'rxf1', 'netns', outside.path]);
      run('ip', ['address', 'add', '10.231.77.1/24', 'dev', 'rxf0']);
      run('ip', ['link', 'set', 'rxf0', 'up']);
      outside.ip('address add 10.231.77.2/24 dev rxf1');
      outside.ip('link set rxf1 up');
      const agent = await start({ address: '10.231.77.1' }, ['nsenter', `--net=${outside.path}`, '--']);
      await churn(300);
      run('ip', ['link', 'set', 'rxf0', 'down']);
      await churn(CUT);
      await until(() => count('silent') >= HOSTS * 3);
      // Removing the link removed its address from the routes of the server's side.
      run('ip', ['link', 'set', 'rxf0', 'up']);
      await churn(300);
      await observed.equals(hosts, 60_000);
      expect(agent.output.trim()).to.equal('ready');
    } finally {
      run('ip', ['link', 'delete', 'rxf0']);
      outside.delete();
    }
  });
});
