import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createNamespace, type Namespace } from '../../support/namespace.js';
import { PATIENCE } from '../../support/patience.js';
import { run, spawn } from '../../support/programs.js';

/** A program that a scene has started. */
export class Program {
  /** The output so far, of both streams. */
  output = '';
  /** The check has waited for its end. */
  isEnded = false;
  readonly child: ChildProcess;
  readonly #exit: Promise<unknown>;

  constructor(child: ChildProcess) {
    this.child = child;
    this.#exit = once(child, 'close');
    child.stdout!.on('data', (data: Buffer) => (this.output += data.toString()));
  }

  /** Waits until the output contains a text; throws with the output if the program ends before or the time is over. */
  async until(text: string | RegExp, seconds = 20): Promise<void> {
    const found = (): boolean => (typeof text === 'string' ? this.output.includes(text) : text.test(this.output));
    for (const end = Date.now() + seconds * 1000 * PATIENCE; !found(); await delay(20)) {
      const isEnded = this.child.exitCode !== null;
      // The end of the output follows that of the program.
      if (isEnded) await this.#exit;
      if (!found() && (isEnded || Date.now() > end)) throw new Error(`no ${String(text)} in the output of the program:\n${this.output}`);
    }
  }

  /** Waits for the end and returns the output; throws with the output if the program failed. */
  async end(): Promise<string> {
    await this.#exit;
    this.isEnded = true;
    if (this.child.exitCode !== 0) throw new Error(`the program ended with ${this.child.exitCode ?? 'a signal'}:\n${this.output}`);
    return this.output;
  }
}

/** A network namespace, and a folder /run/netns of its own, so that programs can run at the same time. */
export class Scene {
  readonly #namespace: Namespace = createNamespace();
  #holder: ChildProcess | undefined;
  readonly #children: ChildProcess[] = [];

  /** Makes the folder; the first call. */
  async open(): Promise<void> {
    const script = 'mount -t tmpfs tmpfs /run/netns && echo ready && exec sleep 2147483';
    this.#holder = this.#namespace.start('sh', '-c', 'mkdir -p /run/netns && exec unshare --mount sh -c "$0"', script);
    await once(this.#holder.stdout!, 'data');
  }

  get #enter(): string[] {
    return [`--net=${this.#namespace.path}`, `--mount=/proc/${this.#holder!.pid}/ns/mnt`, '--'];
  }

  /** Runs commands of a shell and returns their output; throws if one fails. */
  sh(commands: string): string {
    return run('nsenter', [...this.#enter, 'sh', '-ec', commands]).trim();
  }

  /** Runs a command that prints JSON, and returns its value. */
  json<T = readonly Readonly<Record<string, unknown>>[]>(command: string): T {
    const text = this.sh(command);
    return (text === '' ? [] : JSON.parse(text)) as T;
  }

  /** Starts a program; both of its streams are read. It is killed when the scene closes. */
  start(
    command: string,
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
    inFirstNetwork = false,
  ): Program {
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const words = ['env', ...variables, 'sh', '-c', 'exec 2>&1; exec "$@"', 'sh', command, ...args];
    const mount = `--mount=/proc/${this.#holder!.pid}/ns/mnt`;
    const child = inFirstNetwork
      ? spawn('nsenter', [mount, '--', ...words], { stdio: ['pipe', 'pipe', 'inherit'] })
      : this.#namespace.start('nsenter', mount, '--', ...words);
    this.#children.push(child);
    return new Program(child);
  }

  /** Starts an echo server of TCP in a namespace of the scene, or in its own, and waits until it listens. */
  async serve(port: number, netns?: string): Promise<Program> {
    const inside = netns === undefined ? [] : ['ip', 'netns', 'exec', netns];
    const program = this.start('env', [...inside, 'python3', '-S', '-E', '-u', '-c', SERVER, String(port)]);
    await program.until('listening');
    return program;
  }

  /** Connects to a server of TCP, and returns the address from which it was asked, or the error. */
  ask(address: string, port: number, netns?: string): string {
    const inside = netns === undefined ? '' : `ip netns exec ${netns} `;
    return this.sh(`${inside}python3 -S -E -c '${CLIENT}' ${address} ${port}`);
  }

  /** Sends a datagram of UDP. */
  send(address: string, port: number, netns?: string, text = 'x'): void {
    const inside = netns === undefined ? '' : `ip netns exec ${netns} `;
    this.sh(`${inside}bash -c 'echo -n ${text} > /dev/udp/${address}/${port}'`);
  }

  close(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    this.#namespace.delete();
  }
}

/** Answers each connection with the address of its peer. */
const SERVER = `
import socket, sys
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("0.0.0.0", int(sys.argv[1])))
server.listen()
print("listening")
while True:
    peer, address = server.accept()
    peer.sendall(address[0].encode())
    peer.close()
`;

const CLIENT = `
import socket, sys
try:
    print(socket.create_connection((sys.argv[1], int(sys.argv[2])), 0.7).recv(100).decode())
except OSError as error:
    print("error:", error)
`;

/** Waits until a condition is true; throws with the text otherwise. */
export async function eventually(what: string, condition: () => boolean, seconds = 15): Promise<void> {
  for (const end = Date.now() + seconds * 1000 * PATIENCE; !condition(); await delay(50)) {
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} seconds`);
  }
}
