import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PATIENCE } from './patience.js';
import { spawn } from './programs.js';

/** A nats-server on loopback, with JetStream in a temporary folder. */
export interface NatsServer {
  /** The address for `connect({ servers })`. It stays the same after a restart. */
  readonly url: string;
  readonly port: number;
  /** The folder with its configuration and its streams. */
  readonly folder: string;
  /** The process that runs now. */
  readonly process: ChildProcess;
  /** Ends it, with SIGKILL by default; its streams stay. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port, with the same streams. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  delete(): Promise<void>;
}

export interface NatsServerOptions {
  /** Lines of the configuration, in addition to the port and to JetStream. */
  readonly config?: string;
  /** False for a server without JetStream. */
  readonly jetstream?: boolean;
  /**
   * The address that it listens on.
   * @defaultValue 127.0.0.1
   */
  readonly address?: string;
  /** The command that starts it, such as `nsenter --net=PATH --`. */
  readonly prefix?: readonly string[];
  /** The port; one that is free if omitted. */
  readonly port?: number;
  /** A whole configuration, whose address and port are replaced: the server starts in its folder, which the caller removes. */
  readonly configFile?: string;
}

const own = new Set<NatsServer>();
process.once('exit', () => {
  for (const server of own) {
    server.process.kill('SIGKILL');
    rmSync(server.folder, { recursive: true, force: true });
  }
});

/** Starts a nats-server; throws `Unavailable` if it is not installed, which skips the spec. */
export async function startNatsServer({
  config = '',
  jetstream = true,
  address = '127.0.0.1',
  prefix = [],
  configFile,
  port: wantedPort = -1,
}: NatsServerOptions = {}): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rxnl-nats-'));
  const file = join(folder, 'server.conf');
  const storage = jetstream ? `jetstream { store_dir: ${JSON.stringify(join(folder, 'store'))} }\n` : '';
  let port = wantedPort;
  let child: ChildProcess;

  async function start(): Promise<void> {
    const ports = join(folder, 'ports');
    rmSync(ports, { recursive: true, force: true });
    writeFileSync(file, `listen: "${address}:${port}"\nports_file_dir: ${JSON.stringify(folder)}\n${storage}${config}\n`);
    const command = [...prefix, 'nats-server', '--config', configFile ?? file, '--log', join(folder, 'log')];
    if (configFile !== undefined) command.push('--addr', address, '--port', String(port));
    child = spawn(command[0]!, command.slice(1), { stdio: 'ignore', cwd: dirname(configFile ?? file) });
    const end = Date.now() + 20_000 * PATIENCE;
    const log = () => readIfThere(join(folder, 'log'));
    while (!/Server is ready/.test(log().slice(log().lastIndexOf('Starting nats-server')))) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`nats-server ended: ${log()}`);
      if (Date.now() > end) throw new Error(`nats-server did not start: ${log()}`);
      await delay(20);
    }
    port = Number(/Listening for client connections on [\d.]+:(\d+)/.exec(log().slice(log().lastIndexOf('Starting nats-server')))![1]);
  }

  async function stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    // A stopped process takes no other signal than SIGKILL.
    if (signal === 'SIGTERM') child.kill('SIGCONT');
    await ended;
  }

  await start();
  const server: NatsServer = {
    get url() {
      return `nats://${address}:${port}`;
    },
    get port() {
      return port;
    },
    get process() {
      return child;
    },
    folder,
    start,
    stop,
    async delete() {
      own.delete(server);
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  own.add(server);
  return server;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
