import { expect } from 'chai';
import { thermalSchema } from '../../../lib/families/generated/thermal.js';
import type { FamilyComparer } from '../comparer.js';
import { compareYnl } from './ynl.js';

export const comparer: FamilyComparer = {
  schema: thermalSchema,
  compare: ({ command, shown, answers }) => {
    expect(answers).to.have.length(1);
    const { op, request, rows, error } = answers[0]!;
    expect(error).to.equal(undefined);
    const asked = JSON.parse(/--json '(.*)' --output-json/.exec(command)![1]!) as { readonly 'tz-id'?: number };
    expect(request).to.deep.equal(asked['tz-id'] === undefined ? {} : { tzId: asked['tz-id'] });
    compareYnl(thermalSchema, op, shown, rows);
  },
};
