import { expect } from 'chai';
import type { FamilySchema } from '../../../lib/schema/index.js';
import type { Scene } from '../comparer.js';
import { compareYnl } from './ynl.js';

/**
 * One question of the kernel's Python client, both ways: the attributes of its request are those of its command line, what came is what it
 * prints. A request that is only acked prints `null`.
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

/** JSON whose numbers beyond 2^53 stay what they are, as text. */
function parseExactly(json: string): unknown {
  return JSON.parse(json.replaceAll(/(?<=[:[ ])\d{16,}(?=[,\]} ])/g, '"$&"'));
}
