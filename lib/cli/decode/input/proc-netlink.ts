import { readFileSync } from 'node:fs';

/**
 * Returns the netlink protocol of a socket of a process by the socket's inode; undefined if the process has ended or the socket has no
 * address yet.
 *
 * strace looks for sockets in its own network namespace only; `/proc/PID/net/netlink` lists those of the process's namespace.
 */
export function protocolOfInode(inode: string, process: number): number | undefined {
  let table: string;
  try {
    table = readFileSync(`/proc/${process || 'self'}/net/netlink`, 'utf8');
  } catch {
    return undefined;
  }
  // The columns: sk, Eth (the protocol), Pid, Groups, Rmem, Wmem, Dump, Locks, Drops, Inode.
  const row = table.split('\n').find((line) => line.trimEnd().endsWith(` ${inode}`));
  return row === undefined ? undefined : Number(row.trim().split(/\s+/)[1]);
}
