import { finalize, ignoreElements, mergeMap, tap } from 'rxjs';
import { suggestion } from '../../check/index.js';
import type { Action } from '../command.js';
import { UsageError } from '../run/usage-error.js';
import { openFamily, type AnyClient, type FamilyCallOptions } from './open-family.js';
import { valueLines } from './run-operation.js';
import { jsonText } from '../output/json-text.js';

/** `rxnetlink listen`: the notifications of a family. */
export const action: Action = ({ words: [family, ...groups], options, output }) => {
  const { json } = options as FamilyCallOptions;
  return openFamily(family!, options).pipe(
    mergeMap((client) => client.notifications(...groupsOf(client, groups)).pipe(finalize(() => client.close()))),
    tap(({ op, value }) => {
      output.lines(json === true ? [jsonText({ op, value })] : [output.style.bold(op), ...valueLines(value, false)]);
    }),
    ignoreElements(),
  );
};

function groupsOf({ schema }: AnyClient, wanted: readonly string[]): readonly string[] {
  const names = schema.groups.map(({ name }) => name);
  if (names.length === 0) throw new UsageError(`the family ${schema.name} has no groups: the kernel sends no notifications of it`);
  for (const name of wanted) {
    if (!names.includes(name))
      throw new UsageError(`the family ${schema.name} has no group ${name}; ${suggestion(name, names) || `it has ${names.join(', ')}`}`);
  }
  return wanted.length > 0 ? wanted : names;
}
