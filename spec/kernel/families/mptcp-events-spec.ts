import type { ChildProcess } from 'node:child_process';
import { expect } from 'chai';
import type { Subscription } from 'rxjs';
import { mptcpPm, type MptcpPmFamily } from '../../../lib/families/mptcp_pm.js';
import { needsFunction } from '../../support/features.js';
import { skipBecause, useNamespace, type Namespace } from '../../support/namespace.js';
import { until } from '../../support/sockets.js';

type Event = MptcpPmFamily['notifications']['created'];

/** Listens on a port and closes it again. */
const LISTEN = `
import socket, sys
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
server.bind(('127.0.0.1', int(sys.argv[1])))
server.listen()
`;
/** An MPTCP server: it returns the received bytes of each connection once, and waits until its peer closes. */
const SERVE = `
import socket, sys
server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM, 262)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('::', 4444))
server.listen()
while True:
    peer, _ = server.accept()
    peer.sendall(peer.recv(10))
    peer.recv(10)
    peer.close()
`;
/** An MPTCP client of that server; it closes when it reads a line from stdin. */
const CONNECT = `
import socket, sys
client = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET, socket.SOCK_STREAM, 262)
client.connect((sys.argv[1], 4444))
client.sendall(b'x')
client.recv(1)
sys.stdin.readline()
`;
/** The names of events in the output of `ip mptcp monitor`. */
const NAMES: Readonly<Record<string, string>> = {
  created: 'CREATED',
  established: 'ESTABLISHED',
  closed: 'CLOSED',
  announced: 'ANNOUNCED',
  removed: 'REMOVED',
  'sub-established': 'SF_ESTABLISHED',
  'sub-closed': 'SF_CLOSED',
  'sub-priority': 'SF_PRIO',
  'listener-created': 'LISTENER_CREATED',
  'listener-closed': 'LISTENER_CLOSED',
};

/** Returns the line of `ip mptcp monitor` for an event. */
function line(op: string, event: Event): string {
  const { token, remId, locId, saddr4, saddr6, daddr4, daddr6, sport, dport } = event;
  const { backup, error, flags, timeout, ifIdx, resetReason, resetFlags } = event;
  const words = Object.entries({
    token: token?.toString(16).padStart(8, '0'),
    remid: remId,
    locid: locId,
    saddr4,
    saddr6,
    daddr4,
    daddr6,
    sport,
    dport,
    backup,
    error,
    flags: flags?.toString(16),
    timeout,
    ifindex: ifIdx,
    reset_reason: resetReason,
    reset_flags: resetFlags,
  });
  return `[${NAMES[op]!.padStart(16)}] ${words.flatMap(([key, value]) => (value === undefined ? [] : `${key}=${value}`)).join(' ')}`;
}

/** The events of one namespace: as `ip mptcp monitor` prints them (`shown`), and as the library emits them (`received`). */
class EventLog {
  readonly received: string[] = [];
  readonly subscription: Subscription;
  readonly #namespace: Namespace;
  #text = '';

  constructor(namespace: Namespace) {
    this.#namespace = namespace;
    const monitor = namespace.start('ip', 'mptcp', 'monitor');
    monitor.stdout!.on('data', (data: Buffer) => (this.#text += data.toString()));
    const client = mptcpPm({ netns: namespace.path });
    this.subscription = client.notifications('mptcp_pm_events').subscribe(({ op, value }) => this.received.push(line(op, value)));
    this.subscription.add(() => {
      client.close();
      monitor.kill();
    });
  }

  get shown(): string[] {
    // Newer versions of ip print the name of MPTCP_PM_EV_FLAG_SERVER_SIDE instead of its number.
    const lines = this.#text.split('\n').slice(0, -1);
    return lines.map((text) => text.replace(' server_side', ' flags=2'));
  }

  /** Waits until both receive events. */
  async open(): Promise<void> {
    let port = 5000;
    await until('both receive events', () => {
      this.#namespace.run('python3', '-c', LISTEN, String(++port));
      return [this.received, this.shown].every((lines) => lines.some((text) => /LISTENER_CLOSED.* sport=5\d\d\d/.test(text)));
    });
  }

  waitFor(pattern: RegExp): Promise<void> {
    return until(pattern.source, () => [this.received, this.shown].every((list) => list.some((text) => pattern.test(text))));
  }
}

describe('mptcpPm events', () => {
  const [here, there] = [useNamespace(), useNamespace()];

  before(function () {
    try {
      here().ip('mptcp limits set subflows 4 add_addr_accepted 4');
    } catch (error) {
      skipBecause(this, 'this kernel or network namespace has no MPTCP', error);
    }
    needsFunction(this, 'mptcp_event_pm_listener', 'events of MPTCP listeners');
    here().ip(`link add v0 type veth peer name v1 netns ${there().name!}`);
    for (const [namespace, dev, host] of [[here(), 'v0', 2] as const, [there(), 'v1', 1] as const]) {
      const addresses = [`10.1.0.${host}/24`, `10.2.0.${host}/24`, `fd01::${host}/64`, `fd02::${host}/64`];
      namespace.batch([...addresses.map((address) => `addr add ${address} dev ${dev}`), `link set ${dev} up`]);
    }
    there().ip('mptcp limits set subflows 4 add_addr_accepted 4');
  });

  for (const [family, address] of [
    ['IPv4', '10.1.0.1'],
    ['IPv6', 'fd01::1'],
  ] as const)
    it(`have the contents that ip mptcp monitor prints, on both sides of a connection over ${family}`, async function () {
      this.timeout(20_000);
      const [client, server] = [new EventLog(here()), new EventLog(there())];
      const id = family === 'IPv4' ? 1 : 2;
      let serving: ChildProcess | undefined;
      try {
        there().batch(['mptcp endpoint add 10.2.0.1 id 1 signal dev v1', 'mptcp endpoint add fd02::1 id 2 signal dev v1']);
        await client.open();
        await server.open();
        serving = there().start('python3', '-c', SERVE);
        await server.waitFor(/LISTENER_CREATED.* sport=4444/);
        const connection = here().start('python3', '-c', CONNECT, address);
        await client.waitFor(/SF_ESTABLISHED/);
        await server.waitFor(/SF_ESTABLISHED/);
        there().ip(`mptcp endpoint change id ${id} backup`);
        await client.waitFor(/SF_PRIO/);
        there().ip(`mptcp endpoint delete id ${id}`);
        await client.waitFor(/REMOVED/);
        connection.stdin!.end('\n');
        await client.waitFor(/\[ *CLOSED\]/);
        await server.waitFor(/\[ *CLOSED\]/);
        serving.kill();
        await server.waitFor(/LISTENER_CLOSED.* sport=4444/);
        for (const { received, shown } of [client, server]) {
          const first = (lines: string[]): string[] => lines.slice(lines.findLastIndex((text) => / sport=5\d\d\d$/.test(text)) + 1);
          expect(first(received)).to.deep.equal(first(shown));
        }
      } finally {
        serving?.kill();
        there().ip('mptcp endpoint flush');
        client.subscription.unsubscribe();
        server.subscription.unsubscribe();
      }
    });
});
