import { readlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { of, type Subscription } from 'rxjs';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import { pollSockets } from '../../lib/cli/dashboard/poll-sockets.js';
import type { Network } from '../../lib/network/index.js';

describe('pollSockets', () => {
  let clock: SinonFakeTimers;
  let server: Server;
  let subscription: Subscription;
  let processes: number[][];

  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { fd } = (server as unknown as { readonly _handle: { readonly fd: number } })._handle;
    const inode = Number(/\d+/.exec(readlinkSync(`/proc/self/fd/${String(fd)}`))![0]);
    const net = { sockets: { list: () => of([{ inode }]) } } as unknown as Network;
    // The programs are read from /proc, without timers.
    clock = useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    processes = [];
    subscription = pollSockets(net).subscribe(([socket]) => processes.push(socket!.owners.map(({ processId }) => processId)));
    clock.tick(0);
  });
  afterEach(() => {
    subscription.unsubscribe();
    clock.restore();
    server.close();
  });

  /** Waits until a reading has been emitted. */
  const emitted = async (count: number): Promise<void> => {
    while (processes.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('looks up the programs again every 10 seconds: a socket may have been passed on', async () => {
    await emitted(1);
    expect(processes).to.deep.equal([[process.pid]]);
    await new Promise((resolve) => server.close(resolve));
    for (let reading = 2; reading <= 6; reading++) {
      clock.tick(2000);
      await emitted(reading);
    }
    expect(processes.slice(1, 5)).to.deep.equal(Array.from({ length: 4 }, () => [process.pid]));
    expect(processes[5]).to.deep.equal([]);
  });
});
