import { expect } from 'chai';
import type { Result } from '../../../examples/cni/result.js';
import type { Namespace } from '../../support/namespace.js';
import { usePrograms } from '../../support/programs.js';
import { resultOf, useHost, type Host, type Outcome, type Parameters } from './support.js';

const REFERENCE = '/usr/lib/cni/bridge';

type Json = Record<string, unknown>;

describe('examples/cni beside the bridge plugin of containernetworking-plugins', function () {
  this.timeout(120_000);
  usePrograms(REFERENCE, '/usr/lib/cni/host-local');
  // The version that Debian's 1.1.1 knows.
  const config = {
    cniVersion: '1.0.0',
    mtu: 1400,
    hairpinMode: true,
  };
  const ours = useHost(config);
  const theirs = useHost(config);

  it('makes the same links, addresses and routes, and returns the same results', async () => {
    const own = await sequence(ours(), (command, parameters) => ours().call(command, parameters));
    const reference = await sequence(theirs(), (command, parameters) => theirs().start(command, parameters, [REFERENCE]));
    expect(own.length).to.equal(8);
    for (const [index, step] of own.entries()) expect(step, step.title).to.deep.equal(reference[index]);
  });

  /** Runs the same calls, and reads the namespaces after each. */
  async function sequence(host: Host, call: (command: string, parameters: Parameters) => Promise<Outcome>) {
    const containers = { web: host.container(), db: host.container(), mail: host.container() };
    const results: Partial<Record<keyof typeof containers, Result>> = {};
    const steps: ({ title: string } & Json)[] = [];
    const run = async (command: string, id: keyof typeof containers): Promise<void> => {
      // Its CHECK finds no route without `gw`.
      const routes = [{ dst: '192.0.2.0/24', gw: '10.1.0.1' }];
      const ipam = { type: 'host-local', subnet: '10.1.0.0/24', dataDir: host.folder, routes };
      const prevResult = command === 'ADD' || results[id] === undefined ? {} : { prevResult: results[id] };
      const outcome = await call(command, { id, netns: containers[id].path, config: { ipam, ...prevResult } });
      if (command === 'ADD') results[id] = resultOf(outcome);
      const output = command === 'ADD' ? normalizedResult(resultOf(outcome), containers[id].path) : outcome.output;
      const spaces = [host.namespace, ...Object.values(containers)].map(normalized);
      steps.push({ title: `${command} ${id}`, exitCode: outcome.exitCode, output, spaces });
    };
    await run('ADD', 'web');
    await run('ADD', 'db');
    await run('CHECK', 'web');
    await run('DEL', 'web');
    await run('DEL', 'web');
    await run('ADD', 'mail');
    await run('CHECK', 'db');
    await run('ADD', 'web');
    return steps;
  }
});

/** Returns a result without what differs from one run to the next: MAC addresses, and the random part of names. */
function normalizedResult(result: Result, netns: string): Json {
  const interfaces = result.interfaces.map(({ name, mac, ...rest }) => ({ name: nameOf(name), mac: mac?.length, ...rest }));
  return JSON.parse(JSON.stringify({ ...result, interfaces }).replaceAll(netns, 'NETNS')) as Json;
}

const nameOf = (name: string) => name.replace(/^veth\w+$/, 'veth');

/** Returns the links, addresses and routes of a namespace by `ip -j`. */
function normalized(namespace: Namespace): Json {
  const links = (JSON.parse(namespace.ip('-j -d address show')) as Json[]).map((link) => {
    const { ifname, mtu, flags, master, linkinfo, addr_info: addresses } = link;
    const { info_kind: kind, info_slave_kind: port, info_slave_data: data } = (linkinfo ?? {}) as Json;
    const { hairpin, guard, learning, flood, isolated, state } = (data ?? {}) as Json;
    const inet = (addresses as Json[]).filter(({ family }) => family === 'inet');
    const portData = { hairpin, guard, learning, flood, isolated, state };
    return { name: nameOf(String(ifname)), mtu, flags, master, kind, port, ...portData, addresses: inet };
  });
  // The protocol differs on purpose: `static` survives a routing daemon that flushes `boot`.
  const routes = (JSON.parse(namespace.ip('-j -4 route show')) as Json[]).map(({ protocol: _, ...route }) => route);
  const byName = (one: Json, other: Json) => String(one['name']).localeCompare(String(other['name']));
  return { links: links.sort(byName), routes };
}
