import { Errno } from '../../../errors/index.js';

/**
 * The first argument of the process that enters a namespace, as JSON.
 *
 * @internal
 */
export interface Entry {
  /** The path of the addon. */
  readonly addon: string;
  /** The descriptor over which the process and its parent talk; those of the program are below it. */
  readonly control: number;
  /** The descriptor of the namespace. */
  readonly netns: number;
  /** The program; without a slash it is looked for in `PATH`. */
  readonly file: string;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** The prefix of the program's variables in the environment of the process: Node.js would obey some of them. @internal */
export const PREFIX = 'RXNETLINK_PROGRAM_';

/** A report of the process: empty if it has entered the namespace, else the failure. @internal */
export interface Report {
  readonly step?: string;
  readonly errno?: number;
  /** An exception, such as one of loading the addon. */
  readonly message?: string;
}

/**
 * The program of the process, in CommonJS.
 *
 * It enters the namespace, looks for the program and reports. When the parent writes a byte it becomes the program; when the parent
 * closes the descriptor it ends. It never returns to the event loop, so that Node.js reads nothing from the program's streams.
 *
 * @internal
 */
export const ENTRY_SCRIPT: string = `
const { accessSync, constants, existsSync, readSync, statSync, writeSync } = require('node:fs');
const [entry, ...args] = process.argv.slice(1);
const { addon: path, control, netns, file, uid, gid } = JSON.parse(entry);
const report = (answer) => writeSync(control, JSON.stringify(answer) + '\\n');
const bytes = (strings) => Buffer.from(strings.map((string) => string + '\\0').join(''));

const environment = Object.entries(process.env)
  .filter(([name]) => name.startsWith('${PREFIX}'))
  .map(([name, value]) => [name.slice(${PREFIX.length}), value]);
const search = environment.find(([name]) => name === 'PATH');
if (search === undefined) delete process.env.PATH;
else process.env.PATH = search[1];

const find = () => {
  let errno = -${Errno.ENOENT};
  for (const folder of file.includes('/') ? [''] : (process.env.PATH ?? '/bin:/usr/bin').split(':')) {
    const candidate = folder === '' ? file : folder + '/' + file;
    // A file in a folder that this user may not search does not count as found.
    if (!existsSync(candidate)) continue;
    try {
      accessSync(candidate, constants.X_OK);
      if (!statSync(candidate).isDirectory()) return undefined;
      errno = -${Errno.EACCES};
    } catch (error) {
      errno = error.errno;
    }
  }
  return { step: 'find', errno };
};

try {
  const addon = require(path);
  const errno = addon.enterNamespace(netns);
  const failure = errno === 0 ? find() : { step: 'setns', errno };
  report(failure ?? {});
  if (failure === undefined && readSync(control, Buffer.alloc(1)) === 1) {
    const variables = environment.map(([name, value]) => name + '=' + value);
    report(addon.execute(bytes([file]), bytes(args), bytes(variables), uid, gid, control));
  }
} catch ({ message }) {
  report({ message });
}
process.exit(127);
`;
