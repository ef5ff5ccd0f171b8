import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** A process that asked the kernel for a change. */
export interface Process {
  readonly processId: number;
  /** The name of its program, at most 15 bytes. */
  readonly command: string;
}

/** Ports whose process is remembered: a program that makes many changes does so with one port. */
const REMEMBERED = 1024;

/** The columns of /proc/net/netlink: the protocol, the port ID, and the inode of the socket. */
const PROTOCOL = 1;
const PORT = 2;
const INODE = 9;

/**
 * Finds the process of a port ID.
 *
 * A port ID is not a process ID, but the kernel gives the first socket of a process this number. The process is asked for first, because it may end at
 * any moment: `ip` does so as soon as the kernel has acknowledged its request. Of a process that has ended nothing is known.
 */
export class PortOwners {
  readonly #known = new Map<string, Process | undefined>();

  /**
   * Returns the process; undefined if it has ended, or if this process may not see it.
   *
   * @param protocol - The netlink protocol: each has its own ports.
   */
  of(protocol: number, port: number): Process | undefined {
    const key = `${String(protocol)} ${String(port)}`;
    if (this.#known.has(key)) return this.#known.get(key);
    if (this.#known.size === REMEMBERED) this.#known.clear();
    const owner = ownerByNumber(protocol, port) ?? ownerByInode(protocol, port);
    this.#known.set(key, owner);
    return owner;
  }
}

/** Returns the process with the number of the port, if it has a socket with this port. */
function ownerByNumber(protocol: number, port: number): Process | undefined {
  // Read the name first: the process may end between two reads.
  const command = textOf(`/proc/${String(port)}/comm`)?.trimEnd();
  if (command === undefined || inodeOf(`/proc/${String(port)}/net/netlink`, protocol, port) === undefined) return undefined;
  return { processId: port, command };
}

/** Looks for the socket among the descriptors of all processes. */
function ownerByInode(protocol: number, port: number): Process | undefined {
  const inode = inodeOf('/proc/self/net/netlink', protocol, port);
  if (inode === undefined) return undefined;
  const link = `socket:[${inode}]`;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const directory = `/proc/${name}/fd`;
      if (!readdirSync(directory).some((descriptor) => readlinkSync(`${directory}/${descriptor}`) === link)) continue;
      return { processId: Number(name), command: readFileSync(`/proc/${name}/comm`, 'utf8').trimEnd() };
    } catch {
      // Another user's process, or one that has ended.
    }
  }
  return undefined;
}

function inodeOf(path: string, protocol: number, port: number): string | undefined {
  for (const line of textOf(path)?.split('\n') ?? []) {
    const columns = line.trim().split(/\s+/);
    if (Number(columns[PROTOCOL]) === protocol && Number(columns[PORT]) === port) return columns[INODE];
  }
  return undefined;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
