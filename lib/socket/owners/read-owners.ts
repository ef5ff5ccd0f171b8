import { readdir, readFile, readlink } from 'node:fs/promises';

/** A process that has a socket open. @public */
export interface SocketOwner {
  /** The process ID, as `/proc` shows it. */
  readonly processId: number;
  /** The name of its program, at most 15 bytes (`/proc/<pid>/comm`). */
  readonly command: string;
  /** The number of its file descriptor. */
  readonly descriptor: number;
}

const SOCKET = /^socket:\[(\d+)\]$/;

/**
 * Reads the processes that have sockets open from `/proc`, once.
 *
 * It sees the processes that this one may inspect: all with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, else those of the same user. A process that ends meanwhile is skipped.
 *
 * @param inodes - The sockets to look for.
 * @returns The owners by inode; sockets without a visible owner are omitted.
 * @internal
 */
export async function readOwners(inodes: ReadonlySet<number>): Promise<Map<number, SocketOwner[]>> {
  const owners = new Map<number, SocketOwner[]>();
  if (inodes.size === 0) return owners;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const descriptors = await readdir(`/proc/${name}/fd`).catch(unreadable);
    const links = await Promise.all(descriptors.map((descriptor) => readlink(`/proc/${name}/fd/${descriptor}`).catch(() => '')));
    const found = links.flatMap((link, index) => {
      const inode = Number(SOCKET.exec(link)?.[1] ?? 0);
      return inodes.has(inode) && inode !== 0 ? [{ inode, descriptor: Number(descriptors[index]) }] : [];
    });
    if (found.length === 0) continue;
    const command = (await readFile(`/proc/${name}/comm`, 'utf8').catch(() => '')).trimEnd();
    for (const { inode, descriptor } of found) {
      const owner = { processId: Number(name), command, descriptor };
      const others = owners.get(inode);
      if (others === undefined) owners.set(inode, [owner]);
      else others.push(owner);
    }
  }
  return owners;
}

/** Another user's process (EACCES), or one that has ended (ENOENT, ESRCH). */
function unreadable(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'EACCES' || error.code === 'ENOENT' || error.code === 'ESRCH' || error.code === 'EPERM') return [];
  throw error;
}
