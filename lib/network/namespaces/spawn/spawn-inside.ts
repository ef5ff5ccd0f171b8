import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { Observable } from 'rxjs';
import { FieldError } from '../../common/field-error.js';
import { systemError, type Meanings } from '../../common/system-error.js';
import type { Netns } from '../../common/netns.js';
import { netns as checkNetns } from '../../fields/netns-check.js';
import { runVerb } from '../../tables/run-verb.js';
import { netnsPath, openNetns } from '../open-netns.js';
import { startEntry, type StartedEntry } from './start-entry.js';

/** Options of `spawn`: those of Node.js, and where the namespace is. @public */
export type NamespaceSpawnOptions<Options extends SpawnOptions = SpawnOptions> = Options & {
  /**
   * The directory of the names.
   * @defaultValue `'/run/netns'`
   */
  readonly directory?: string;
  /**
   * The Node.js program that enters the namespace and becomes the command, for a program that is packed into one file with Node.js.
   * @defaultValue `process.execPath`
   */
  readonly execPath?: string;
};

const MEANINGS: Meanings = {
  'start ENOENT': ['missing', 'the directory of option cwd, or the program of Node.js, does not exist'],
  'start ENOTDIR': ['invalid', 'option cwd is not a directory'],
  'start EACCES': ['denied', 'this process may not run Node.js in the directory of option cwd'],
  'start E2BIG': ['invalid', 'the arguments and the environment are too long'],
  'start EAGAIN': ['busy', 'the limit of processes is reached'],
  'start EMFILE': ['busy', 'the limit of open descriptors is reached'],
  'setns EPERM': ['denied', 'entering the namespace needs CAP_SYS_ADMIN, also in the user namespace that owns it'],
  'setns EINVAL': ['invalid', 'it is not a network namespace'],
  'setns EBADF': ['invalid', 'the descriptor is not open'],
  'find ENOENT': ['missing', 'no such program'],
  'find EACCES': ['denied', 'the program may not be executed'],
};

/** Starts a program in a namespace; emits it when its process is there. @internal */
export function spawnInside(
  netns: Netns,
  command: string,
  args: readonly string[],
  options: NamespaceSpawnOptions,
): Observable<ChildProcess> {
  if (typeof command !== 'string' || command === '') throw new TypeError('namespaces.spawn: expected a command that is not empty');
  const isArray: boolean = Array.isArray(args);
  if (!isArray) throw new TypeError('namespaces.spawn: expected an array of arguments');
  const { directory, execPath, ...spawnOptions } = options;
  const place = typeof netns === 'string' || typeof netns === 'object' ? netnsPath(netns, directory) : String(netns);
  return runVerb({ verb: 'spawn', subject: () => `${command} in ${place}`, missing: [] }, {}, () => {
    checkNetns(netns, 'netns');
    if (execPath === undefined && (process.versions['deno'] ?? process.versions['bun']) !== undefined)
      throw new FieldError('', 'only Node.js can enter a namespace; give its path in option execPath', 'unsupported');
    return new Observable((subscriber) => {
      const entry = open(netns, directory, (descriptor) =>
        startEntry({ descriptor, command, args: [...args], execPath: execPath ?? process.execPath }, spawnOptions),
      );
      watch(entry, {
        onReady: (child) => {
          subscriber.next(child);
          subscriber.complete();
        },
        onError: (error) => subscriber.error(error),
      });
      subscriber.add(() => entry.cancel());
    });
  });
}

/** The outcome of entering a namespace. */
interface Outcome {
  readonly onReady: (child: ChildProcess) => void;
  readonly onError: (error: unknown) => void;
}

function watch(entry: StartedEntry, { onReady, onError }: Outcome): void {
  entry.start({
    onReady,
    onReport: ({ step, errno, message }) =>
      onError(
        step === undefined || errno === undefined
          ? new FieldError('', `the process that enters the namespace failed: ${message ?? 'no reason'}`, 'unsupported')
          : systemError({ step, errno }, MEANINGS),
      ),
    onError: (error) => onError(startError(error)),
    onExit: (code, signal) => {
      const how = signal === null ? `with status ${code ?? 0}` : `by ${signal}`;
      onError(new FieldError('', `the process that enters the namespace ended ${how}`, 'unsupported'));
    },
  });
}

function open<T>(netns: Netns, directory: string | undefined, run: (descriptor: number) => T): T {
  const { descriptor, close } = openNetns(netns, directory);
  try {
    return run(descriptor);
  } catch (error) {
    throw startError(error);
  } finally {
    close();
  }
}

/** Explains an error of starting a process; Node.js throws some of them and emits others. */
function startError(error: unknown): unknown {
  const { errno, syscall } = error as NodeJS.ErrnoException;
  return errno === undefined || syscall?.startsWith('spawn') !== true ? error : systemError({ step: 'start', errno }, MEANINGS);
}
