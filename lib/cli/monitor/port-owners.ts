import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** A process that asked the kernel for a change. */
export interface Process {
  readonly processId: number;
  /** The name of its program, at most 15 bytes. */
  readonly command: string;
}

/** Ports whose process is remembered. */
const REMEMBERED = 1024;

/**
 * Milliseconds for which a result is used again, also that there was none: a program that makes many changes does so with one port, but
 * a port passes to another process after the end of its own.
 */
const VALID_MS = 1000;

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
  readonly #known = new Map<string, { readonly owner: Process | undefined; readonly until: number }>();

  /**
   * Returns the process; undefined if it has ended, or if this process may not see it.
   *
   * @param protocol - The netlink protocol: each has its own ports.
   */
  of(protocol: number, port: number): Process | undefined {
    const key = `${String(protocol)} ${String(port)}`;
    const now = performance.now();
    const known = this.#known.get(key);
    if (known !== undefined && now < known.until) return known.owner;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    const owner = ownerByNumber(protocol, port) ?? ownerByInode(protocol, port);
    this.#known.set(key, { owner, until: now + VALID_MS });
    return owner;
  }
}

/**
 * Returns the process with the number of the port, if it has a socket with this port.
 *
 * The port is the number that the process has in its own PID namespace: in a container, another process than here.
 */
function ownerByNumber(protocol: number, port: number): Process | undefined {
  // Read the name first: the process may end between two reads.
  const command = textOf(`/proc/${String(port)}/comm`)?.trimEnd();
  const isHere = isOfThisNamespace(port);
  const inode = command === undefined ? undefined : inodeOf(`/proc/${String(port)}/net/netlink`, protocol, port);
  if (command === undefined || inode === undefined) return undefined;
  const holds = holdsSocket(String(port), inode) ?? isHere;
  return holds ? { processId: port, command } : undefined;
}

/** True if a process has a socket among its descriptors; undefined if this process may not see them. */
function holdsSocket(process: string, inode: string): boolean | undefined {
  const directory = `/proc/${process}/fd`;
  try {
    return readdirSync(directory).some((descriptor) => linkOf(`${directory}/${descriptor}`) === `socket:[${inode}]`);
  } catch {
    return undefined;
  }
}

/** True if the number of a process here is also its number in its own PID namespace. */
function isOfThisNamespace(process: number): boolean {
  const [, numbers = ''] = /^NSpid:\s*(.*)$/m.exec(textOf(`/proc/${String(process)}/status`) ?? '') ?? [];
  return numbers.trim() === String(process);
}

/** Looks for the socket among the descriptors of all processes. */
function ownerByInode(protocol: number, port: number): Process | undefined {
  const inode = inodeOf('/proc/self/net/netlink', protocol, port);
  if (inode === undefined) return undefined;
  for (const name of readdirSync('/proc')) {
    // Another user's process, or one that has ended, shows no descriptors.
    if (!/^\d+$/.test(name) || holdsSocket(name, inode) !== true) continue;
    const command = textOf(`/proc/${name}/comm`)?.trimEnd();
    if (command !== undefined) return { processId: Number(name), command };
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

/** Returns the target of a link; a descriptor may be closed meanwhile. */
function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
