import { expect } from 'chai';
import type { FamilySchema } from '../../../lib/schema/index.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { compareYnl } from './ynl.js';

/** Returns the comparer of a family whose fixtures are recorded from the kernel's Python client. */
export function talkComparer(schema: FamilySchema): FamilyComparer {
  return {
    schema,
    compare: (scene) => {
      compareTalk(schema, scene);
    },
  };
}

/**
 * One request of the kernel's Python client: its attributes must equal the command line, and the reply the output of the
 * client. The client prints `null` for a request that is only acknowledged.
 */
export function compareTalk(schema: FamilySchema, { command, shown, answers }: Scene): void {
  expect(answers).to.have.length(1);
  const { op, request, rows, error } = answers[0]!;
  expect(error).to.equal(undefined);
  const asked = /--json '(.*)' --output-json/.exec(command)?.[1];
  if (asked !== undefined && asked !== '{}') compareYnl(schema, op, parseExactly(asked), [request]);
  if (shown === null) expect(rows).to.deep.equal([]);
  else compareYnl(schema, op, shown, rows);
}

/** Parses JSON; numbers above 2^53 become text. */
function parseExactly(json: string): unknown {
  return JSON.parse(json.replaceAll(/(?<=[:[ ])\d{16,}(?=[,\]} ])/g, '"$&"'));
}
