import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createNamespace, namespaceError, type Namespace } from '../../support/namespace.js';
import { PATIENCE } from '../../support/patience.js';
import { until } from '../../support/sockets.js';

const PROGRAM = resolve(import.meta.dirname, '../../../examples/failover/failover.ts');
const TARGET = '203.0.113.9';
const PORT = 7007;
const SERVER = `require('node:net').createServer((socket) => socket.on('error', () => undefined).end()).listen(${PORT}, '${TARGET}', () => console.log('ready'))`;

/** An uplink of the scene. `inside` is the network of the host and the gateway, `outside` that of the gateway and the target. */
const UPLINKS = [
  { name: 'fibre', link: 'wan0', inside: '192.0.2', outside: '10.1.0', table: 101 },
  { name: 'lte', link: 'wan1', inside: '198.51.100', outside: '10.2.0', table: 102 },
] as const;

export const GATEWAYS: readonly string[] = UPLINKS.map(({ inside }) => `${inside}.1`);

/** The compared properties of `ip -j route`. */
interface IpRoute {
  readonly dst: string;
  readonly gateway?: string;
  readonly dev?: string;
  readonly protocol?: string;
}

/** A host with two uplinks, their gateways, and a target behind both. */
export class Scene {
  readonly host: Namespace = createNamespace();
  readonly gateways: readonly Namespace[] = UPLINKS.map(() => createNamespace());
  readonly #target = createNamespace();
  readonly #folder = mkdtempSync(join(tmpdir(), 'rxnetlink-failover-'));
  #programs: ChildProcess[] = [];
  /** The output of all runs of the program. */
  output = '';

  async open(): Promise<void> {
    this.#target.batch([`address add ${TARGET}/32 dev lo`]);
    for (const [place, { link, inside, outside }] of UPLINKS.entries()) {
      const gateway = this.gateways[place]!;
      gateway.run('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
      gateway.batch([
        `link add in type veth peer name ${link} netns ${this.host.path}`,
        `link add out type veth peer name ${link} netns ${this.#target.path}`,
        `address add ${inside}.1/24 dev in`,
        `address add ${outside}.1/24 dev out`,
        'link set in up',
        'link set out up',
      ]);
      this.host.batch([`address add ${inside}.2/24 dev ${link}`, `link set ${link} up`]);
      this.#target.batch([
        `address add ${outside}.9/24 dev ${link}`,
        `link set ${link} up`,
        `route add ${inside}.0/24 via ${outside}.1 dev ${link}`,
      ]);
      gateway.batch([`route add ${TARGET}/32 via ${outside}.9 dev out`]);
      // The kernel asks three times, one second apart, before it reports a gateway as lost.
      this.host.run('sh', '-c', `echo 100 > /proc/sys/net/ipv4/neigh/${link}/retrans_time_ms`);
    }
    const server = this.#target.start(process.execPath, '-e', SERVER);
    await once(server.stdout!, 'data');
  }

  /** Starts the program; `prefix` is a command that starts it. */
  start(options: Readonly<Record<string, number>> = {}, prefix: readonly string[] = []): ChildProcess {
    const config = {
      uplinks: UPLINKS.map(({ name, link, inside, table }) => ({ name, link, via: `${inside}.1`, source: `${inside}.2`, table })),
      targets: [{ address: TARGET, port: PORT }],
      every: 50,
      // A probe that is answered is late on a busy machine only.
      timeout: 700 * PATIENCE,
      failures: 4,
      successes: 3,
      hold: 200,
      ...options,
    };
    const path = join(this.#folder, 'failover.json');
    writeFileSync(path, JSON.stringify(config));
    const words = [...prefix, process.execPath, '--import', 'tsx', PROGRAM, path];
    const child = this.host.start('sh', '-c', 'exec 2>&1; exec "$@"', 'sh', ...words);
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.#programs.push(child);
    return child;
  }

  /** Ends a run of the program by a signal, and returns its exit code. */
  async end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }

  /** Deletes the scene. */
  async close(): Promise<void> {
    for (const child of this.#programs) await this.end(child, 'SIGKILL');
    this.#programs = [];
    for (const namespace of [this.host, ...this.gateways, this.#target]) namespace.delete();
    rmSync(this.#folder, { recursive: true });
  }

  /** Returns the gateways of the default routes of the table `main`, as `ip` lists them. */
  defaults(): readonly (string | undefined)[] {
    const routes = JSON.parse(this.host.ip('-j route show default')) as IpRoute[];
    return routes.map(({ gateway }) => gateway);
  }

  /** Returns all IPv4 routes and rules, as `ip` lists them, without the flags of links. */
  state(): string {
    const routes = JSON.parse(this.host.ip('-4 -j route show table all')) as IpRoute[];
    return JSON.stringify([routes.map((route) => ({ ...route, flags: undefined })), JSON.parse(this.host.ip('-4 -j rule'))], undefined, 1);
  }

  /** Waits until there is one default route, through the uplink. */
  async leavesBy(place: number): Promise<void> {
    const wanted = JSON.stringify([GATEWAYS[place]]);
    const isThere = (): boolean => JSON.stringify(this.defaults()) === wanted;
    await until(`a default route by ${GATEWAYS[place]}`, isThere, 15_000).catch((error: unknown) => {
      throw new Error(`${(error as Error).message}; the program printed:\n${this.output}`);
    });
  }

  /** Runs an action, and waits until the program has printed a line once more than before. */
  async prints(line: string, action: () => unknown): Promise<void> {
    const count = (): number => this.output.split('\n').filter((each) => each === line).length;
    const before = count();
    action();
    await until(`the line '${line}'`, () => count() > before, 15_000);
  }

  /** Starts `ip monitor route`. Returns a function that waits for its last event, and returns the lines about default routes. */
  async monitor(): Promise<() => Promise<readonly string[]>> {
    const child = this.host.start('ip', 'monitor', 'route');
    let text = '';
    child.stdout!.setEncoding('utf8').on('data', (part: string) => (text += part));
    await until(
      'ip monitor',
      () => {
        this.host.ip('route replace 10.99.0.0/16 dev lo');
        return text.includes('10.99.0.0/16');
      },
      15_000,
    );
    return async () => {
      this.host.ip('route del 10.99.0.0/16 dev lo');
      await until('the last event', () => text.includes('Deleted 10.99.0.0/16'), 15_000);
      await this.end(child, 'SIGTERM');
      return text.split('\n').filter((line) => line.includes('default'));
    };
  }
}

/** Makes a scene before each spec of a `describe`, and closes it afterwards; skips them if no namespace can be made. */
export function useScene(): () => Scene {
  let scene: Scene | undefined;
  before(() => {
    const refused = namespaceError();
    if (refused !== undefined) throw refused;
  });
  beforeEach(async () => {
    scene = new Scene();
    await scene.open();
  });
  // Of a skipped spec, the scene does not exist.
  afterEach(() => scene?.close());
  return () => {
    if (scene === undefined) throw new Error('useScene: the scene exists only while a spec runs');
    return scene;
  };
}
