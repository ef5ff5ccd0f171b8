import { expect } from 'chai';
import { dcbSchema } from '../../../lib/families/generated/dcb.js';
import type { KernelError } from '../../../lib/index.js';
import type { Row } from '../play.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { compareClient } from './client-talk.js';
import { compareYnl } from './ynl.js';

/** Compares the requests of the tool with the meaning of its commands. The interface has no DCB. */
function compareRequests({ shown, answers }: Scene): void {
  const requests = shown as readonly { readonly op: string; readonly request: Row }[];
  expect(answers.map(({ op }) => op)).to.deep.equal(requests.map(({ op }) => op));
  requests.forEach(({ op, request }, at) => {
    const { request: asked, error } = answers[at]!;
    compareYnl(dcbSchema, op, request, [asked], { request: 'do' });
    expect((error as KernelError | undefined)?.code, op).to.equal('EOPNOTSUPP');
  });
}

export const comparer: FamilyComparer = {
  schema: dcbSchema,
  compare: (scene) => {
    if (scene.command.startsWith('sh ')) compareRequests(scene);
    else compareClient(dcbSchema, scene);
  },
};
