import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PATIENCE } from './patience.js';

/** The exit of a process, and its output. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ChildOptions {
  /** The time after which the process is killed; `signal` is then SIGKILL. */
  readonly milliseconds?: number;
  /** Flags for node, besides those for TypeScript. */
  readonly flags?: readonly string[];
  /** Variables to add to its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Omits the prelude: the script then loads the library itself. */
  readonly bare?: boolean;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The names that scripts for {@link runChild} can use without an import. */
const PRELUDE = `
import { nativeTransport } from './lib/socket/native/native-transport.js';
import { loadAddon } from './lib/socket/native/load-addon.js';
import { Slab } from './lib/socket/transport/slab.js';
import { encodeMessage } from './lib/wire/index.js';
const open = (receive, options = {}) =>
  nativeTransport.open({ protocol: 0, portId: 0, datagramSize: 1 << 20, ref: true, receive: receive ?? (() => {}), ...options });
const dump = (sequence = 1) => encodeMessage({ type: 18, flags: 0x301, sequence, payload: new Uint8Array(16) });
`;

/** Runs a script in a process of its own and waits for its end. */
export function runChild(script: string, { milliseconds = 8000, flags = [], env = {}, bare = false }: ChildOptions = {}): Promise<Ended> {
  const args = ['--import', 'tsx', ...flags, '--input-type=module', '--eval', bare ? script : PRELUDE + script];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: milliseconds * PATIENCE,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
