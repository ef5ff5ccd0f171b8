import { expect } from 'chai';
import { taskstatsSchema } from '../../../lib/families/generated/taskstats.js';
import type { FamilyComparer } from '../comparer.js';
import { compareYnl } from './ynl.js';

export const comparer: FamilyComparer = {
  schema: taskstatsSchema,
  compare: ({ command, shown, answers }) => {
    expect(answers).to.have.length(1);
    const { op, request, rows, error } = answers[0]!;
    expect(error).to.equal(undefined);
    // Names of one word, which are the same in the specification and in values.
    expect(request).to.deep.equal(JSON.parse(/--json '(.*)' --output-json/.exec(command)![1]!));
    compareYnl(taskstatsSchema, op, shown, rows);
  },
};
