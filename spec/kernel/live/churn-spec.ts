import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Subscription } from 'rxjs';
import { rtAddr } from '../../../lib/families/rt-addr.js';
import { rtLink } from '../../../lib/families/rt-link.js';
import { rtRoute } from '../../../lib/families/rt-route.js';
import { netlink, watchTables, Protocol } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { spawn } from '../../support/programs.js';
import { rounds } from '../../support/rounds.js';
import { until } from '../../support/sockets.js';
import { skipBecause } from '../../support/unavailable.js';

const LINKS = rounds(50, 400);
const SLICE = 50;

interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly addr_info: readonly { readonly family: string; readonly local: string; readonly prefixlen: number }[];
}

/** The commands that add a slice of links with two addresses and a route, rename them, and delete them again. */
function churn(from: number, round: number): { add: string[]; rename: string[]; remove: string[] } {
  const numbers = Array.from({ length: SLICE }, (_, index) => from + index);
  const name = (index: number): string => `c${round}x${index}`;
  return {
    add: numbers.flatMap((index) => [
      `link add ${name(index)} type veth peer name p${round}x${index}`,
      `link set ${name(index)} up`,
      `link set p${round}x${index} up`,
      `addr add 10.${index >> 8}.${index & 255}.1/24 dev ${name(index)}`,
      `addr add fd00:${index.toString(16)}::1/64 dev ${name(index)}`,
      `route add 172.16.${index & 255}.${index >> 8}/32 dev ${name(index)}`,
    ]),
    rename: numbers.flatMap((index) =>
      index % 3 === 0 ? [`link set ${name(index)} down`, `link set ${name(index)} name r${round}x${index}`] : [],
    ),
    remove: numbers.map((index) => `link del ${index % 3 === 0 ? `r${round}x${index}` : name(index)}`),
  };
}

/** Delays each read of sockets of the main thread, in microseconds, until the returned function is called. */
async function delayReads(context: Mocha.Context, delay: number): Promise<() => Promise<void>> {
  const filters = ['-e', 'trace=recvmmsg', '-e', `inject=recvmmsg:delay_enter=${delay}`];
  const strace = spawn('strace', ['-p', String(process.pid), '-o', '/dev/null', ...filters], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = once(strace, 'exit');
  let text = '';
  strace.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
  await Promise.race([until('strace', () => text.includes('attached')), exit]);
  if (strace.exitCode !== null) skipBecause(context, 'strace cannot attach to this process', text);
  return async () => {
    strace.kill();
    await exit;
  };
}

describe('watchTables on links, addresses and routes', function () {
  this.timeout(120_000);
  const namespace = useNamespace();

  /** Runs commands of `ip` in a process while this one receives the events. */
  async function write(lines: readonly string[]): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'rxnl-churn-'));
    try {
      const file = join(folder, 'commands');
      writeFileSync(file, lines.join('\n'));
      const [code] = (await once(namespace().start('ip', '-batch', file), 'exit')) as [number | null];
      expect(code, 'exit code of ip -batch').to.equal(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** Watches with a receive queue of this size while links come and go; compares the tables with ip(8) at quiet points. */
  async function churning(receiveBufferSize: number | undefined): Promise<{ early: string[]; reasons: string[]; changes: number }> {
    const socket = netlink({
      protocol: Protocol.Route,
      netns: namespace().path,
      ...(receiveBufferSize !== undefined && { receiveBufferSize }),
    });
    const links = new Map<number, string>();
    const addresses = new Map<string, number>();
    const early: string[] = [];
    const reasons: string[] = [];
    let changes = 0;
    let quiet = 0;
    const watching = new Subscription();
    const name = (value: { ifaIndex: number; ifaPrefixlen: number; local?: string; address?: string }): string =>
      `${value.ifaIndex} ${value.local ?? value.address}/${value.ifaPrefixlen}`;
    const tables = {
      links: rtLink(socket).tableOf('getlink'),
      addresses: rtAddr(socket).tableOf('getaddr'),
      routes: rtRoute(socket).tableOf('getroute', { table: 254 }),
    };
    const joined = watchTables(tables);
    /** A late subscriber receives the tables at once if they are in sync. */
    const isSynced = (): boolean => {
      let synced = false;
      joined.subscribe(() => (synced = true)).unsubscribe();
      return synced;
    };
    watching.add(
      joined.subscribe((emission) => {
        quiet = Date.now();
        if (emission.type === 'synced') {
          reasons.push(emission.reason);
          links.clear();
          addresses.clear();
          for (const { ifiIndex, ifname } of emission.tables.links) links.set(ifiIndex, ifname!);
          for (const address of emission.tables.addresses) addresses.set(name(address), address.ifaIndex);
        } else {
          changes++;
          if (emission.table === 'links') {
            const { type, value } = emission.change;
            if (type === 'removed') links.delete(value.ifiIndex);
            else links.set(value.ifiIndex, value.ifname!);
          } else if (emission.table === 'addresses') {
            const { type, value } = emission.change;
            if (type === 'removed') addresses.delete(name(value));
            else addresses.set(name(value), value.ifaIndex);
          }
        }
        for (const [address, index] of addresses) if (!links.has(index)) early.push(address);
      }),
    );
    await until('the first synced', () => reasons.length > 0);

    const compare = async (): Promise<void> => {
      await until('quiet', () => Date.now() - quiet > 150 && isSynced(), 20_000);
      const all = JSON.parse(namespace().ip('-j addr')) as IpLink[];
      expect([...links].sort(([one], [other]) => one - other)).to.deep.equal(
        all.map(({ ifindex, ifname }) => [ifindex, ifname]).sort(([one], [other]) => Number(one) - Number(other)),
      );
      const expected = all.flatMap(({ ifindex, addr_info }) => addr_info.map(({ local, prefixlen }) => `${ifindex} ${local}/${prefixlen}`));
      expect([...addresses.keys()].sort()).to.deep.equal(expected.sort());
    };
    for (let round = 0; round < rounds(1, 4); round++) {
      const slices = Array.from({ length: LINKS / SLICE }, (_, slice) => churn(slice * SLICE, round));
      await write(slices.flatMap(({ add, rename }) => [...add, ...rename]));
      await compare();
      expect(links.size).to.equal(1 + 2 * LINKS);
      await write(slices.flatMap(({ remove }) => remove));
      await compare();
      expect(links.size).to.equal(1);
    }
    watching.unsubscribe();
    socket.close();
    return { early, reasons, changes };
  }

  it('never emits an address before its link or after it, and equals ip(8) at quiet points', async () => {
    const { early, changes } = await churning(8 << 20);
    expect(early).to.deep.equal([]);
    expect(changes).to.be.above(4 * LINKS);
  });

  it('does the same when the receive queue overflows', async () => {
    const { early, reasons } = await churning(10_000);
    expect(early).to.deep.equal([]);
    expect(reasons).to.include('overrun');
  });

  it('does the same when events follow the gap before a read finds the queue empty', async function () {
    // The kernel queues events again as soon as the last one is read: the delay gives it time to do so.
    const end = await delayReads(this, 300);
    try {
      const { early, reasons } = await churning(10_000);
      expect(early).to.deep.equal([]);
      expect(reasons).to.include('overrun');
    } finally {
      await end();
    }
  });
});
