import { once } from 'node:events';
import { spawn } from '../../../../support/programs.js';
import { join } from 'node:path';
import { expect } from 'chai';
import { isApplyError } from '../../../../../lib/network/documents/apply/apply-error.js';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { needsChildNode } from '../../../../support/emulator.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { rounds } from '../../../../support/rounds.js';
import { one, shown } from '../../support.js';
import { refusingTransport } from './refusing.js';

const CHILD = join(import.meta.dirname, 'endless-child.ts');

/** Namespaces in which one process applies documents at the same time. */
const COUNT = 10;

const office = (host: number, links: NonNullable<NetworkDocument['links']>): NetworkDocument => ({
  version: 1,
  links: [
    { name: 'br0', kind: 'bridge', up: true, mtu: 1400 + host, addresses: [`10.1.0.${host}/24`, `10.2.0.${host}/24`] },
    { name: 'v0', kind: 'veth', veth: { peer: { name: 'v1' } }, up: true, master: host === 1 ? 'br0' : null },
    ...links,
  ],
  routes: Array.from({ length: 20 }, (_, index) => ({ to: `10.${100 + index}.0.0/16`, via: `10.1.0.${10 + host}` })),
  rules: [{ priority: 900 + host, from: '10.9.0.0/16', table: 50 }],
  owns: { protocol: 99, links: { group: 42 } },
});

const FIRST = office(1, []);
const SECOND = office(2, [{ name: 'br1', kind: 'bridge', up: true, addresses: ['10.3.0.1/24'] }]);

/** Returns what the second document wants, as `ip` prints it. */
function stateOf(namespace: Namespace): unknown {
  const links = shown<{ ifname: string; mtu: number; master?: string; addr_info: { local?: string }[] }>(namespace, 'ip -j addr');
  return {
    // Documents have no order of addresses: one that another program deleted is created again behind the others.
    links: links.map(({ ifname, mtu, master, addr_info }) => [ifname, mtu, master, ...addr_info.map(({ local }) => local).sort()]).sort(),
    routes: shown<{ dst: string; gateway?: string }>(namespace, 'ip -j route show proto 99')
      .map(({ dst, gateway }) => `${dst} ${gateway}`)
      .sort(),
    rules: shown<{ priority: number }>(namespace, 'ip -j rule').map(({ priority }) => priority),
  };
}

describe('network().apply beside other programs', function () {
  this.timeout(90_000 * rounds(1, 10));
  useNamespace();
  const namespaces: Namespace[] = [];
  const nets: Network[] = [];

  function open(): readonly [Namespace, Network] {
    const namespace = createNamespace();
    const net = network({ netns: namespace.path });
    namespaces.push(namespace);
    nets.push(net);
    return [namespace, net];
  }
  afterEach(() => {
    for (const net of nets.splice(0)) net.close();
    for (const namespace of namespaces.splice(0)) namespace.delete();
  });

  /** Counts the datagrams with writes of the change from the first document to the second. */
  async function datagrams(): Promise<number> {
    const namespace = createNamespace();
    const kernel = refusingTransport();
    const net = network({ netns: namespace.path, transport: kernel.transport });
    namespaces.push(namespace);
    nets.push(net);
    await one(net.apply(FIRST));
    let count = 0;
    kernel.onWrite = () => {
      count++;
    };
    await one(net.apply(SECOND));
    return count;
  }

  it(`converges after the process was killed at any moment (${rounds(1, 10) * COUNT} times)`, async function () {
    needsChildNode(this);
    const [fresh, net] = open();
    await one(net.apply(FIRST));
    const first = stateOf(fresh);
    await one(net.apply(SECOND));
    const second = stateOf(fresh);
    const last = (await datagrams()) - 1;
    expect(last).to.be.greaterThan(3);
    for (let round = 0; round < rounds(1, 10); round++) {
      const others = Array.from({ length: COUNT }, open);
      // The first namespace chooses the moment; the others are at whichever step they have reached by then.
      const moment = 1 + Math.floor(Math.random() * last);
      const paths = others.map(([{ path }]) => path);
      const child = spawn(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify([FIRST, SECOND]), String(moment), ...paths], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      expect((await once(child, 'exit'))[1]).to.equal('SIGKILL');
      const place = `killed before datagram ${moment + 1} of ${last + 1}`;
      expect(stateOf(others[0]![0]), place).to.not.deep.equal(first);
      expect(stateOf(others[0]![0]), place).to.not.deep.equal(second);
      for (const [namespace, other] of others) {
        await one(other.apply(SECOND));
        expect(stateOf(namespace), place).to.deep.equal(second);
      }
    }
  });

  it('is right as soon as another writer rests', async () => {
    const [fresh, freshNet] = open();
    await one(freshNet.apply(SECOND));
    const [namespace, net] = open();
    const lines = [
      'addr del 10.1.0.2/24 dev br0',
      'route flush proto 99',
      'link del br1',
      'addr add 10.1.0.77/24 dev br0',
      'link set br0 down',
      'rule del prio 902',
    ];
    const writer = namespace.start(
      'sh',
      '-c',
      // The shell ends behind `ip`, which would otherwise go on writing.
      `trap exit TERM; while :; do printf '${lines.join('\\n')}\\n' | ip -force -batch - >/dev/null 2>&1; sleep 0.1; done`,
    );
    const outcomes = { right: 0, failed: 0 };
    for (let count = 0; count < 10; count++) {
      const error = await one(net.apply(count % 2 === 0 ? FIRST : SECOND)).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined && !isApplyError(error)) throw error;
      outcomes[error === undefined ? 'right' : 'failed']++;
    }
    writer.kill('SIGTERM');
    await once(writer, 'exit');
    await one(net.apply(SECOND));
    expect(stateOf(namespace)).to.deep.equal(stateOf(fresh));
    expect((await one(net.plan(SECOND))).text).to.equal('');
    process.stderr.write(`      beside another writer: ${JSON.stringify(outcomes)}\n`);
  });
});
