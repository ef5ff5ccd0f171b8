import type { ChildProcess } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { requirePrograms, run, spawn, spawnSync } from './programs.js';
import { Unavailable } from './unavailable.js';

export { run } from './programs.js';
export { skipBecause } from './unavailable.js';

/** A network namespace for specs; its loopback is up. */
export interface Namespace {
  /** Its name under /run/netns; undefined if only a process holds the namespace. */
  readonly name: string | undefined;
  /** The path to open, as `setns` needs it. */
  readonly path: string;
  /** Runs a command in the namespace and returns its output; throws if the command fails. */
  run(command: string, ...args: readonly string[]): string;
  /** Runs `ip` in the namespace; the arguments are split at blanks: `ip('link add v0 type dummy')`. */
  ip(line: string): string;
  /** Runs many `ip` commands in one process, one a line, without the word `ip`. */
  batch(lines: readonly string[]): void;
  /** Starts a command in the namespace; it is killed when the namespace is deleted. */
  start(command: string, ...args: readonly string[]): ChildProcess;
  delete(): void;
}

const own = new Set<Namespace>();
let count = 0;
let listening = false;

/*
 * The kernel sends packets over links with automatic IPv6 addresses: bridges learn from them, neighbours appear, and addresses
 * stop being tentative. All of it happens between two reads of a spec.
 */
const QUIET = 'cd /proc/sys/net/ipv6/conf/default && echo 1 > addr_gen_mode && echo 0 > accept_dad || true';

/**
 * Makes a namespace: with a name if /run/netns can be written, otherwise held by a sleeping process. Its links have no
 * automatic IPv6 addresses.
 *
 * It exists until `delete`, at the latest until the process ends.
 */
export function createNamespace(): Namespace {
  const name = `rxnl-${process.pid}-${++count}`;
  requirePrograms('ip', 'nsenter');
  if (!listening) listenForTheEnd();
  const namespace = createNamed(name) ?? createHeld();
  own.add(namespace);
  namespace.run('sh', '-c', `ip link set lo up && { ${QUIET}; }`);
  return namespace;
}

let unavailable: Unavailable | undefined;

/** Returns the reason why namespaces cannot be made; undefined if they can. Each call tries again until the first failure. */
export function namespaceError(): Unavailable | undefined {
  if (unavailable !== undefined) return unavailable;
  try {
    createNamespace().delete();
  } catch (error) {
    unavailable =
      error instanceof Unavailable ? error : new Unavailable(`network namespaces cannot be made here: ${(error as Error).message}`);
  }
  return unavailable;
}

/** Makes a namespace for the specs of a `describe`, and deletes it after them; skips them if none can be made. */
export function useNamespace(): () => Namespace {
  let namespace: Namespace | undefined;
  before(() => {
    const refused = namespaceError();
    if (refused !== undefined) throw refused;
    namespace = createNamespace();
  });
  after(() => namespace?.delete());
  return () => {
    if (namespace === undefined) throw new Error('useNamespace: the namespace exists only while the specs run');
    return namespace;
  };
}

function createNamed(name: string): Namespace | undefined {
  if (spawnSync('ip', ['netns', 'add', name]).status !== 0) {
    // Remove the name that `ip` could not bind.
    spawnSync('ip', ['netns', 'delete', name]);
    return undefined;
  }
  return makeNamespace(name, `/run/netns/${name}`, () => spawnSync('ip', ['netns', 'delete', name]));
}

function createHeld(): Namespace {
  const { status, stderr } = spawnSync('unshare', ['--net', 'true'], { encoding: 'utf8' });
  if (status !== 0) throw new Unavailable(`network namespaces cannot be made here: ${stderr.trim()}`);
  const holder = spawn('unshare', ['--net', 'sleep', '2147483'], { stdio: 'ignore' });
  const path = `/proc/${holder.pid ?? 0}/ns/net`;
  if (!waitFor(() => hasMoved(path))) {
    holder.kill('SIGKILL');
    throw new Error('unshare --net did not move its process to another network namespace within two seconds');
  }
  holder.unref();
  return makeNamespace(undefined, path, () => holder.kill('SIGKILL'));
}

function hasMoved(path: string): boolean {
  return existsSync(path) && readlinkSync(path) !== readlinkSync('/proc/self/ns/net');
}

/** Waits for a condition for at most two seconds, and blocks the event loop. */
function waitFor(condition: () => boolean): boolean {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; tries < 200; tries++) {
    try {
      if (condition()) return true;
    } catch {
      return false;
    }
    Atomics.wait(cell, 0, 0, 10);
  }
  return false;
}

function makeNamespace(name: string | undefined, path: string, destroy: () => void): Namespace {
  const children: ChildProcess[] = [];
  const enter = [`--net=${path}`, '--'];
  const inside = (command: string, args: readonly string[], input?: string) => run('nsenter', [...enter, command, ...args], input);
  const namespace: Namespace = {
    name,
    path,
    run: (command, ...args) => inside(command, args),
    ip: (line) => inside('ip', line.trim().split(/\s+/)),
    batch: (lines) => void inside('ip', ['-batch', '-'], `${lines.join('\n')}\n`),
    start: (command, ...args) => {
      const child = spawn('nsenter', [...enter, command, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
      children.push(child);
      return child;
    },
    delete: () => {
      if (!own.delete(namespace)) return;
      for (const child of children) child.kill('SIGKILL');
      destroy();
    },
  };
  return namespace;
}

function listenForTheEnd(): void {
  listening = true;
  const deleteAll = () => {
    for (const namespace of [...own]) namespace.delete();
  };
  process.once('exit', deleteAll);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      deleteAll();
      process.kill(process.pid, signal);
    });
  }
}
