import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { needsChildNode } from '../../../support/emulator.js';
import { useNamespace, type Namespace } from '../../../support/namespace.js';
import { PATIENCE } from '../../../support/patience.js';
import { requirePrograms, spawn } from '../../../support/programs.js';
import { rounds } from '../../../support/rounds.js';
import { runWriters } from '../../live/run-writers.js';
import { randomChanges, seededRandom, SETUP } from '../../live/soak-writer.js';
import { CommandProcess, until } from '../command.js';
import type { EventObject } from './event-object.js';
import { startTool, type EventTool } from './event-tool.js';
import { eventOfConnection, eventOfConntrack, eventOfFirewall, eventOfNft } from './netfilter-events.js';
import { eventOfIp, eventOfRoute } from './rtnetlink-events.js';

const SECONDS = rounds(10, 60);

/** Changes from one quiet point to the next: so few that the queues of the tools hold their events. */
const BURST = 400;

/** One seed for each process: a retry must not find other changes. */
const seed = Date.now() % 1_000_000;

/** The tools, and the function that finds their events in the objects of the command. */
const SIDES = {
  ip: { command: ['ip', '-o', 'monitor', 'all'], ofLine: eventOfIp, ofObject: eventOfRoute },
  nft: { command: ['nft', 'monitor'], ofLine: eventOfNft, ofObject: eventOfFirewall },
  conntrack: { command: ['conntrack', '-E'], ofLine: eventOfConntrack, ofObject: eventOfConnection },
} as const;
type Side = keyof typeof SIDES;
const NAMES = Object.keys(SIDES) as readonly Side[];

/** The events of the changes behind which the comparison begins. */
const MARKERS: Readonly<Record<Side, string>> = {
  ip: 'address set 1 10.254.0.1/32',
  nft: 'add table ip marker',
  conntrack: 'NEW 17 9.9.9.9 1 8.8.8.8 53',
};

/** Changes of nftables, of which nft accepts all: each list is one transaction. */
const FIREWALL: readonly string[] = [
  'add table inet soak; add chain inet soak c { type filter hook input priority 0; }; add chain inet soak d; add rule inet soak c counter accept',
  'add set inet soak s { type ipv4_addr; flags interval; }; add element inet soak s { 10.0.0.1-10.0.0.9, 10.1.0.0/24 }; add counter inet soak n',
  'add map inet soak m { type ipv4_addr : verdict; }; add element inet soak m { 1.2.3.4 : jump d }; add rule inet soak c tcp dport 80 drop',
  'delete element inet soak s { 10.1.0.0/24 }; insert rule inet soak d drop; flush chain inet soak c',
  'flush chain inet soak d; delete map inet soak m; delete set inet soak s; delete counter inet soak n; delete chain inet soak d',
  'delete table inet soak',
];

/** Each datagram is a connection of its own: the source port is another one. */
const TRAFFIC = 'for i in {1..25}; do echo > /dev/udp/127.0.0.1/9; done';

describe('rxnetlink monitor beside other monitors', function () {
  this.timeout((SECONDS + 60) * 1000 * PATIENCE);
  const namespace = useNamespace();
  const ends: (() => unknown)[] = [];

  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  it(`prints the events that they print, while the network changes for ${String(SECONDS)} seconds`, async function () {
    needsChildNode(this);
    requirePrograms('nft', 'conntrack');
    const [first, ...pairs] = SETUP;
    namespace().batch([first!, ...pairs]);
    // Without a rule that asks for the connection, the kernel tracks none.
    namespace().run(
      'nft',
      'add table ip track; add chain ip track c { type filter hook output priority 0; }; add rule ip track c ct state new',
    );
    const tools = new Map<Side, EventTool>();
    for (const name of NAMES) {
      const [program, ...args] = SIDES[name].command;
      const tool = await startTool(namespace(), program, ...args);
      tools.set(name, tool);
      ends.push(tool.end);
    }
    const monitor = new CommandProcess('monitor', '--json', '--netns', namespace().path);
    ends.push(() => monitor.child.kill('SIGKILL'));
    const objects: EventObject[] = [];
    createInterface({ input: monitor.child.stdout! }).on('line', (line) => objects.push(JSON.parse(line) as EventObject));
    await until(() => objects.length > 0, 'the command does not listen');
    const printed = (name: Side) => tools.get(name)!.lines.map(SIDES[name].ofLine);
    const own = (name: Side) => objects.filter(({ type }) => type === 'change').map(SIDES[name].ofObject);
    // The tools listen already, and links get their carriers: the events behind these changes are compared.
    namespace().ip('addr add 10.254.0.1/32 dev lo');
    namespace().run('nft', 'add table ip marker');
    namespace().run('conntrack', ...'-I -p udp -s 9.9.9.9 -d 8.8.8.8 --sport 1 --dport 53 --timeout 600'.split(' '));
    const isMarked = (name: Side) => printed(name).includes(MARKERS[name]) && own(name).includes(MARKERS[name]);
    await until(() => NAMES.every(isMarked), 'a tool or the command does not print a change');

    const random = seededRandom(seed);
    const end = performance.now() + SECONDS * 1000;
    for (let round = 0; performance.now() < end; round++) {
      await Promise.all([
        runWriters(namespace(), randomChanges(random, BURST)),
        run(namespace(), 'nft', FIREWALL[round % FIREWALL.length]!),
        run(namespace(), 'bash', '-c', TRAFFIC),
      ]);
      if (round % 2 === 1) await run(namespace(), 'conntrack', '-F');
      await until(() => [...tools.values()].every((tool) => tool.isDrained()), 'a tool does not read its events');
    }

    const difference = (name: Side): Difference & { readonly count: number } => {
      const behind = (events: readonly (string | undefined)[]) => events.slice(events.indexOf(MARKERS[name]) + 1);
      const events = behind(own(name));
      return { ...compare(behind(printed(name)), events), count: events.filter((event) => event !== undefined).length };
    };
    // The network still changes: neighbours age, and the carriers of links follow.
    const same = (): boolean => NAMES.every((name) => difference(name).missing.length + difference(name).added.length === 0);
    for (let tries = 0; tries < 20 * PATIENCE && !same(); tries++) await delay(250);
    const lost = objects.filter(({ type }) => type === 'lost' || type === 'resynced');
    expect(lost, `seed ${String(seed)}`).to.deep.equal([]);
    for (const name of NAMES) {
      const { missing, added, count } = difference(name);
      expect(missing, `${name}, seed ${String(seed)}: not printed`).to.deep.equal([]);
      // A tool with a small queue may lose events itself.
      if (tools.get(name)!.drops() === 0) expect(added, `${name}, seed ${String(seed)}: printed only by rxnetlink`).to.deep.equal([]);
      expect(count, `${name}: events`).to.be.greaterThan(SECONDS);
    }
  });
});

/** Runs a program in a namespace; it may fail. */
function run(namespace: Namespace, program: string, ...args: readonly string[]): Promise<void> {
  const child = spawn('nsenter', [`--net=${namespace.path}`, '--', program, ...args], { stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      resolve();
    });
  });
}

interface Difference {
  readonly missing: readonly string[];
  readonly added: readonly string[];
}

/** Compares two lists of events without regard to their order: two sockets get events of two processors in different orders. */
function compare(expected: readonly (string | undefined)[], actual: readonly (string | undefined)[]): Difference {
  const balance = new Map<string, number>();
  const count = (events: readonly (string | undefined)[], step: number): void => {
    for (const event of events) if (event !== undefined) balance.set(event, (balance.get(event) ?? 0) + step);
  };
  count(expected, 1);
  count(actual, -1);
  const entries = [...balance].map(([event, number]) => [number, `${event} (${String(Math.abs(number))})`] as const);
  return {
    missing: entries.flatMap(([number, text]) => (number > 0 ? [text] : [])),
    added: entries.flatMap(([number, text]) => (number < 0 ? [text] : [])),
  };
}
