/*
 * Shows this machine's links, addresses and routes, then every change, until Ctrl-C.
 *
 *   npm start                        watch
 *   npm start --silent -- --once     print the present state as one JSON object, and exit
 */
import { merge, of, type Observable, type Subscription } from 'rxjs';
import { Message, Protocol, netlink, resyncOnOverrun, type NetlinkSocket } from 'rxnetlink';
import { Display } from './monitor/display.js';
import { joinFirst } from './monitor/join-first.js';
import { ROUTE_GROUPS } from './monitor/rtnetlink.js';
import { readSnapshot, type Snapshot } from './monitor/snapshot.js';

/** Emits a snapshot, then changes; after a loss a new snapshot. */
function watch(socket: NetlinkSocket): Observable<Snapshot | Message> {
  const changes = merge(...Object.values(ROUTE_GROUPS).map((group) => socket.multicast(group)));
  const withGaps = changes.pipe(
    resyncOnOverrun(({ dropped }) => {
      console.error(`${dropped} datagrams were lost: reading everything again`);
      return of(null);
    }),
  );
  return joinFirst(withGaps, readSnapshot(socket));
}

function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function run(once: boolean): Subscription {
  // A larger receive queue than the default, for a thousand routes that change at once.
  const socket = netlink({ protocol: Protocol.Route, receiveBufferSize: 4 << 20 });
  if (once) {
    return readSnapshot(socket).subscribe({
      next: (snapshot) => {
        print([JSON.stringify(snapshot)]);
      },
      error: fail,
    });
  }
  const display = new Display();
  return watch(socket).subscribe({
    next: (value) => {
      if (!(value instanceof Message)) print([...display.snapshot(value), 'watching; Ctrl-C ends']);
      else {
        const line = display.change(value);
        if (line !== undefined) print([line]);
      }
    },
    error: fail,
  });
}

const running = run(process.argv.includes('--once'));

// The socket closes with its last subscription. Then nothing keeps the process alive.
const stop = () => {
  running.unsubscribe();
};
// npm forwards a Ctrl-C that the terminal has already sent, so that it may arrive twice.
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
// The reader of a pipe may exit first: `npm start | head`.
process.stdout.on('error', stop);
