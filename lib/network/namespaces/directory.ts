import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defer, type Observable } from 'rxjs';
import { checkOptionNames, kindOf } from '../../check/index.js';
import { NetworkError } from '../common/network-error.js';
import { DIRECTORY, type NamespaceOptions } from './namespace.js';

const OPTIONS: ReadonlySet<string> = new Set<keyof NamespaceOptions>(['directory']);

/**
 * Reads a directory of names at each subscription.
 *
 * The directory of `ip netns` may be absent: the first name creates it. Another one must exist, because a wrong path has no names for ever.
 *
 * @throws TypeError if an option is not valid. NetworkError as the error signal, if the directory of the option does not exist.
 * @internal
 */
export function inDirectory<T>(verb: string, options: NamespaceOptions, read: (directory: string) => Observable<T>): Observable<T> {
  checkOptionNames(`namespaces.${verb}`, options, OPTIONS);
  const { directory = DIRECTORY } = options;
  if (typeof directory !== 'string')
    throw new TypeError(`namespaces.${verb}: option directory must be a path, e.g. '/run/docker/netns', not ${kindOf(directory)}`);
  const path = resolve(directory);
  return defer(() => {
    if (path !== DIRECTORY && !existsSync(path)) throw missing(verb, path);
    return read(path);
  });
}

function missing(verb: string, directory: string): NetworkError {
  return new NetworkError({
    reason: 'missing',
    code: 'ENOENT',
    verb,
    subject: `the namespaces of ${directory}`,
    path: 'directory',
    text: `the directory does not exist; expected one with names of namespaces, as ${DIRECTORY}; create it first, or write its path right`,
  });
}
