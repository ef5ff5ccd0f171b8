import { exhaustMap, map, of, timer, type Observable } from 'rxjs';
import type { Network, SocketOwners, TcpSocket } from '../../network/index.js';
import { withOwners } from '../../socket/index.js';

/** The time in milliseconds between two readings. */
const EVERY_MS = 2000;
/** The programs are looked up in one of so many readings also if no socket is new: processes pass sockets on. */
const READINGS = 5;

type OwnedSocket = TcpSocket & SocketOwners;

/** Emits the TCP sockets with their programs again and again: the kernel sends events only of those that are closed. */
export function pollSockets({ sockets }: Network): Observable<readonly OwnedSocket[]> {
  let readings = 0;
  let owners: ReadonlyMap<number, OwnedSocket['owners']> = new Map();
  return timer(0, EVERY_MS).pipe(
    exhaustMap(() => sockets.list({ protocol: 'tcp' })),
    exhaustMap((listed) => {
      const inodes = listed.map(({ inode = 0 }) => ({ inode })).filter(({ inode }) => inode !== 0);
      const add = (): readonly OwnedSocket[] => listed.map((socket) => ({ ...socket, owners: owners.get(socket.inode ?? 0) ?? [] }));
      const isDue = readings++ % READINGS === 0;
      // The programs are found in the descriptors of all processes: these are not read each time.
      if (!isDue && inodes.every(({ inode }) => owners.has(inode))) return of(add());
      return of(inodes).pipe(
        withOwners(),
        map((rows) => {
          owners = new Map(rows.map((row) => [row.inode, row.owners]));
          return add();
        }),
      );
    }),
  );
}
