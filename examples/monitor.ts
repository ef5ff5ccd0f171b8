/*
 * Shows this machine's links, addresses and routes, then every change, until Ctrl-C.
 *
 *   npm start                        watch
 *   npm start --silent -- --once     print what there is as one JSON object, and end
 */
import { merge, of, type Observable, type Subscription } from 'rxjs';
import { Message, Protocol, netlink, resyncOnOverrun, type NetlinkSocket } from 'rxnetlink';
import { Display } from './monitor/display.js';
import { joinFirst } from './monitor/join-first.js';
import { ROUTE_GROUPS } from './monitor/rtnetlink.js';
import { readSnapshot, type Snapshot } from './monitor/snapshot.js';

/** Snapshot first, then changes; where some were lost, everything once more. */
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
  // A larger queue than the default, for moments when a thousand routes change at once.
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

// The socket is closed with its last subscription, and the process ends because nothing is left to wait for.
const stop = () => {
  running.unsubscribe();
};
// npm passes on a Ctrl-C that the terminal has sent already: it may come twice.
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
// The reader of a pipe may go first: `npm start | head`.
process.stdout.on('error', stop);
