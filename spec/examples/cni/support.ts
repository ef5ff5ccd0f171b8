import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { network } from 'rxnetlink/network';
import { runPlugin } from '../../../examples/cni/plugin.js';
import type { Result } from '../../../examples/cni/result.js';
import { createNamespace, useNamespace, type Namespace } from '../../support/namespace.js';
import { spawn } from '../../support/programs.js';

/** The end of a plugin: its exit code, and the object that it printed. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly output: Record<string, unknown> | undefined;
}

/** The parameters of a call that differ from those of container `web`. */
export interface Parameters {
  readonly id?: string;
  readonly ifname?: string;
  readonly netns?: string;
  /** Keys of the configuration that are added or replaced. */
  readonly config?: object;
}

/** A network for the specs of a `describe`: the namespace of a host, and a folder for reservations. */
export interface Host {
  readonly namespace: Namespace;
  readonly folder: string;
  /** Runs the plugin in this process. */
  call(command: string, parameters?: Parameters): Promise<Outcome>;
  /** Starts a process in the namespace of the host: the plugin, or `program` with arguments. */
  start(command: string, parameters?: Parameters, program?: readonly string[], prefix?: readonly string[]): Promise<Outcome>;
  /** Makes a namespace of a container; it is deleted after the spec. */
  container(): Namespace;
  /** Returns the names of the pairs' ends on the host, by `ip -j`. */
  pairs(): string[];
  /** Returns the addresses that are reserved. */
  reserved(): string[];
}

const root = resolve(import.meta.dirname, '../../..');
const PLUGIN = [process.execPath, '--import', 'tsx', join(root, 'examples/cni/main.ts')];

export function useHost(config: object = {}): () => Host {
  const namespace = useNamespace();
  let host: Host | undefined;
  const containers: Namespace[] = [];
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-cni-'));
    host = makeHost(namespace(), folder, config, containers);
  });
  afterEach(async () => {
    // GC is one of the tested commands; here it only cleans up.
    await host?.call('GC', { config: { 'cni.dev/valid-attachments': [] } });
    for (const container of containers.splice(0)) container.delete();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return () => {
    if (host === undefined) throw new Error('useHost: the host exists only while the specs run');
    return host;
  };
}

function makeHost(namespace: Namespace, folder: string, config: object, containers: Namespace[]): Host {
  const inputOf = (parameters: Parameters): string => JSON.stringify({ ...configuration(folder), ...config, ...parameters.config });
  return {
    namespace,
    folder,
    call: async (command, parameters = {}) => {
      const net = network({ netns: namespace.path });
      const run = runPlugin(environment(command, parameters), inputOf(parameters), net);
      return lastValueFrom(run) as Promise<Outcome>;
    },
    start: (command, parameters = {}, program = PLUGIN, prefix = []) => {
      const args = [`--net=${namespace.path}`, '--', ...prefix, ...program];
      const child = spawn('nsenter', args, { cwd: root, env: { ...process.env, ...environment(command, parameters) }, stdio: 'pipe' });
      child.stdin.on('error', () => undefined).end(inputOf(parameters));
      return new Promise((settle, reject) => {
        let text = '';
        child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        child.once('error', reject);
        child.once('close', (exitCode) => settle({ exitCode, output: text === '' ? undefined : (JSON.parse(text) as Outcome['output']) }));
      });
    },
    container: () => {
      const container = createNamespace();
      containers.push(container);
      return container;
    },
    pairs: () =>
      (JSON.parse(namespace.ip('-j link show')) as { ifname: string }[])
        .map(({ ifname }) => ifname)
        .filter((name) => name.startsWith('veth')),
    reserved: () => readdirSync(join(folder, 'shop')).filter((name) => name !== 'last'),
  };
}

/** Returns a configuration that host-local understands too. */
export function configuration(dataDir: string): Record<string, unknown> {
  const ipam = { type: 'host-local', subnet: '10.1.0.0/24', dataDir };
  return { cniVersion: '1.1.0', name: 'shop', type: 'bridge', bridge: 'cni0', isDefaultGateway: true, ipam };
}

export function environment(command: string, { id = 'web', ifname = 'eth0', netns }: Parameters): Record<string, string> {
  const path = netns === undefined ? {} : { CNI_NETNS: netns };
  return { CNI_COMMAND: command, CNI_CONTAINERID: id, CNI_IFNAME: ifname, CNI_PATH: '/usr/lib/cni', ...path };
}

/** Returns the result of a call that must succeed. */
export function resultOf({ exitCode, output }: Outcome): Result {
  if (exitCode !== 0 || output === undefined) throw new Error(`the plugin failed: ${JSON.stringify(output)}`);
  return output as unknown as Result;
}

/** Returns the address of a result without its prefix. */
export const addressOf = (result: Result): string => result.ips[0]?.address.split('/')[0] ?? '';
