import type { ChildProcess, SpawnOptions, StdioOptions } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { omitUndefined } from '../../../check/index.js';
import { errnoName } from '../../../errors/index.js';
import { findAddon } from '../../../socket/internal.js';
import { ENTRY_SCRIPT, PREFIX, type Entry, type Report } from './entry-script.js';

/** The program, and the namespace. @internal */
export interface EntryRequest {
  /** A descriptor of the namespace. */
  readonly descriptor: number;
  readonly command: string;
  readonly args: readonly string[];
  /** The program of Node.js. */
  readonly execPath: string;
}

/** Receives the outcome; exactly one method is called. @internal */
export interface EntryObserver {
  /** The process is in the namespace, and becomes the program after this call. */
  onReady(child: ChildProcess): void;
  onReport(report: Report): void;
  /** Node.js could not start the process, or its option `signal` was aborted. */
  onError(error: Error): void;
  onExit(code: number | null, signal: NodeJS.Signals | null): void;
}

/** Starts the process that enters a namespace. @internal */
export function startEntry(request: EntryRequest, options: SpawnOptions): StartedEntry {
  const { file, args } = programOf(request, options);
  const streams = streamsOf(options.stdio);
  const entry: Entry = {
    addon: findAddon(),
    control: streams.length,
    netns: streams.length + 1,
    file,
    uid: options.uid,
    gid: options.gid,
  };
  const { uid: _uid, gid: _gid, argv0: _argv0, shell: _shell, ...others } = options;
  // Few programs of the network start a process in a namespace, and the module takes longer to load than this one.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(
    request.execPath,
    ['--input-type=commonjs', '--eval', ENTRY_SCRIPT, '--', JSON.stringify(omitUndefined({ ...entry })), ...args],
    {
      ...others,
      stdio: [...streams, 'pipe', request.descriptor],
      env: environmentOf(options, streams),
    },
  );
  Object.assign(child, { spawnfile: file, spawnargs: args });
  return new StartedEntry(child, streams.length);
}

/** The process that enters a namespace and becomes the program. @internal */
export class StartedEntry {
  readonly #child: ChildProcess;
  /** Undefined if the process could not be started. */
  readonly #control: Duplex | undefined;
  #isOver = false;

  /** @param count - The number of the program's streams. */
  constructor(child: ChildProcess, count: number) {
    this.#child = child;
    const streams = child.stdio as unknown as (Duplex | null | undefined)[];
    this.#control = streams[count] ?? undefined;
    streams.length = Math.min(streams.length, count);
  }

  start(observer: EntryObserver): void {
    const child = this.#child;
    const onError = (error: Error): void => this.#end(() => observer.onError(error));
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => this.#end(() => observer.onExit(code, signal));
    child.on('error', onError);
    child.once('exit', onExit);
    this.#read((report) => {
      if (this.#isOver) this.#fail(report);
      else if (report.step !== undefined || report.message !== undefined) this.#end(() => observer.onReport(report));
      else {
        this.#isOver = true;
        child.off('error', onError).off('exit', onExit);
        observer.onReady(child);
        this.#control?.write('\n');
      }
    });
  }

  /** Ends the process if it is not the program yet. */
  cancel(): void {
    this.#end(() => undefined);
  }

  #end(run: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const child = this.#child;
    child.once('error', () => undefined);
    child.kill('SIGKILL');
    for (const stream of [...child.stdio, this.#control]) stream?.destroy();
    run();
  }

  /** Reads the reports. Their end without one means that the process has become the program. */
  #read(onReport: (report: Report) => void): void {
    let text = '';
    let count = 0;
    this.#control
      ?.on('error', () => undefined)
      .setEncoding('utf8')
      .on('data', (chunk: string) => {
        const lines = (text + chunk).split('\n');
        text = lines.pop()!;
        for (const line of lines) {
          count++;
          onReport(JSON.parse(line) as Report);
        }
      })
      .once('end', () => {
        if (count === 1 && this.#child.exitCode === null && this.#child.signalCode === null) this.#child.emit('spawn');
      });
  }

  /** Reports that the process did not become the program, as Node.js reports that a program cannot be executed. */
  #fail({ errno = 0 }: Report): void {
    const { spawnfile: path, spawnargs } = this.#child;
    const [code, syscall] = [errnoName(errno), `spawn ${path}`];
    this.#child.emit('error', Object.assign(new Error(`${syscall} ${code}`), { errno, code, syscall, path, spawnargs }));
  }
}

/** Returns the program and its arguments, the name of the program first. */
function programOf({ command, args }: EntryRequest, { shell, argv0 }: SpawnOptions): { readonly file: string; readonly args: string[] } {
  if (shell === undefined || shell === false || shell === '') return { file: command, args: [argv0 ?? command, ...args] };
  const file = typeof shell === 'string' ? shell : '/bin/sh';
  return { file, args: [argv0 ?? file, '-c', [command, ...args].join(' ')] };
}

type Streams = Exclude<StdioOptions, string>;

/** Returns the streams as an array of at least three. */
function streamsOf(stdio: StdioOptions = 'pipe'): Streams {
  const given: Streams = typeof stdio === 'string' ? [stdio, stdio, stdio] : [...stdio];
  while (given.length < 3) given.push('pipe');
  return given;
}

/** Returns the environment of the process: that of this one without settings of Node.js, and the program's variables. */
function environmentOf({ env = process.env, serialization = 'json' }: SpawnOptions, streams: Streams): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_') && !name.startsWith(PREFIX));
  const program = Object.entries(env).filter(([, value]) => value !== undefined);
  // Node.js removes these two from the environment of the process.
  const channel = streams.indexOf('ipc');
  if (channel >= 0) program.push(['NODE_CHANNEL_FD', String(channel)], ['NODE_CHANNEL_SERIALIZATION_MODE', serialization]);
  const variables: NodeJS.ProcessEnv = Object.fromEntries([...own, ...program.map(([name, value]) => [PREFIX + name, value] as const)]);
  return process.versions['electron'] === undefined ? variables : { ...variables, ELECTRON_RUN_AS_NODE: '1' };
}
