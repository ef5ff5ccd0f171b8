import { catchError, defer, map, of, type Observable } from 'rxjs';
import type { Network } from 'rxnetlink/network';
import { add } from './commands/add.js';
import { forAttachment, makeCall } from './commands/call.js';
import { check } from './commands/check.js';
import { collect } from './commands/collect.js';
import { remove } from './commands/remove.js';
import { status } from './commands/status.js';
import { toCniError } from './errors.js';
import { parseInput, readConfiguration, VERSIONS } from './input/configuration.js';
import { readCommand, readNetns, readOwner, type Environment } from './input/parameters.js';

/** The end of a plugin: the object for its standard output, and its exit code. */
export interface Outcome {
  readonly output: object | undefined;
  readonly exitCode: 0 | 1;
}

/**
 * Executes the command of a container runtime; never fails.
 *
 * @param environment - The variables `CNI_COMMAND`, `CNI_CONTAINERID`, `CNI_NETNS` and `CNI_IFNAME`.
 * @param input - The standard input: the network configuration.
 * @param host - The namespace of the host.
 */
export function runPlugin(environment: Environment, input: string, host: Network): Observable<Outcome> {
  let cniVersion = VERSIONS.at(-1);
  return defer(() => {
    const command = readCommand(environment);
    const value = parseInput(input);
    if (typeof value['cniVersion'] === 'string') cniVersion = value['cniVersion'];
    if (command === 'VERSION') return of({ cniVersion, supportedVersions: VERSIONS });
    const call = makeCall(host, readConfiguration(value, command));
    switch (command) {
      case 'ADD':
        return add(forAttachment(call, readOwner(environment)), readNetns(environment));
      case 'CHECK':
        return check(forAttachment(call, readOwner(environment)), readNetns(environment));
      case 'DEL':
        return remove(forAttachment(call, readOwner(environment)));
      case 'GC':
        return collect(call);
      case 'STATUS':
        return status(call);
    }
  }).pipe(
    map((output): Outcome => ({ output: output ?? undefined, exitCode: 0 })),
    catchError((error: unknown) => {
      const { code, message, details } = toCniError(error);
      return of<Outcome>({ output: { cniVersion, code, msg: message, details }, exitCode: 1 });
    }),
  );
}
