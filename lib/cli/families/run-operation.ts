import { filter, finalize, ignoreElements, mergeMap, tap, type Observable } from 'rxjs';
import type { OperationFlags } from '../../client/index.js';
import type { Action, Call } from '../command.js';
import { printable } from '../output/printable.js';
import { openFamily, operationOf, type AnyClient, type FamilyCallOptions } from './open-family.js';
import { readRequest } from './request-words.js';
import { jsonText } from '../output/json-text.js';

/** `rxnetlink do`: one request, and its reply if the kernel sends one. */
export const doAction: Action = (call) =>
  run(call, (client, name, words) => {
    const operation = operationOf(client, name, 'do');
    const request = readRequest(words, client.schema, operation, 'do') as never;
    return client.do(name, request, flagsOf(call)).pipe(filter((reply) => reply !== undefined));
  });

/** The options that are flags of the request. */
const FLAGS = ['create', 'exclusive', 'replace', 'append'] as const;

function flagsOf({ options }: Call): OperationFlags {
  return Object.fromEntries(FLAGS.filter((flag) => options[flag] === true).map((flag) => [flag, true]));
}

/** `rxnetlink dump`: all objects of an operation. */
export const dumpAction: Action = (call) =>
  run(call, (client, name, words) => {
    const operation = operationOf(client, name, 'dump');
    return client.dump(name, readRequest(words, client.schema, operation, 'dump') as never);
  });

function run(
  { words, options, output }: Call,
  ask: (client: AnyClient, operation: string, words: readonly string[]) => Observable<unknown>,
): Observable<never> {
  const [family, operation, ...request] = words as [string, string, ...string[]];
  const { json } = options as FamilyCallOptions;
  return openFamily(family, options).pipe(
    mergeMap((client) => ask(client, operation, request).pipe(finalize(() => client.close()))),
    tap((value) => {
      output.lines(valueLines(value, json === true));
    }),
    ignoreElements(),
  );
}

/** Returns the lines of a value: JSON in one line, or in several for a person. Key material is not printed. */
export function valueLines(value: unknown, json: boolean): readonly string[] {
  return json ? [jsonText(value)] : jsonText(value, 2).split('\n').map(printable);
}
