import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Namespace } from '../../../support/namespace.js';
import { until } from '../command.js';

/** A program that prints events, which listens. */
export interface EventTool {
  /** The lines so far. */
  readonly lines: readonly string[];
  /** True if no message waits in its sockets. */
  isDrained(): boolean;
  /** The number of messages that the kernel dropped because the program read too slowly. */
  drops(): number;
  end(): void;
}

/** Columns of /proc/net/netlink. */
const Column = { groups: 3, waiting: 4, drops: 8, inode: 9 } as const;

/** Starts a program that prints events, and waits until it has joined its groups. */
export async function startTool(namespace: Namespace, program: string, ...args: readonly string[]): Promise<EventTool> {
  const child = namespace.start(program, ...args);
  const lines: string[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line));
  const sockets = (): readonly (readonly string[])[] => socketsOf(child.pid!);
  const hasGroups = (): boolean => sockets().some((row) => row[Column.groups] !== '00000000');
  await until(hasGroups, `${program} ${args.join(' ')} joined no group`);
  // `ip` joins groups beyond 32 after that, and /proc does not show them.
  await delay(100);
  return {
    lines,
    isDrained: () => sockets().every((row) => row[Column.waiting] === '0'),
    drops: () => sockets().reduce((sum, row) => sum + Number(row[Column.drops]), 0),
    end: () => child.kill('SIGKILL'),
  };
}

/** The rows of /proc/net/netlink of the sockets of a process; none if it is not the program yet, or a descriptor was closed meanwhile. */
function socketsOf(processId: number): readonly (readonly string[])[] {
  try {
    const directory = `/proc/${String(processId)}/fd`;
    const links = new Set(readdirSync(directory).map((name) => readlinkSync(`${directory}/${name}`)));
    return readFileSync(`/proc/${String(processId)}/net/netlink`, 'utf8')
      .split('\n')
      .slice(1)
      .map((row) => row.trim().split(/\s+/))
      .filter((row) => links.has(`socket:[${String(row[Column.inode])}]`));
  } catch {
    return [];
  }
}
