import { expect } from 'chai';
import type { FamilySchema } from '../../../lib/schema/index.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import type { Row } from '../play.js';
import { compareYnl } from './ynl.js';

/** The output of a program of `spec/fixtures/capture/clients`, with the names of the specification. */
interface Talk {
  readonly talk: readonly { readonly op: string; readonly mode: 'do' | 'dump'; readonly request: Row; readonly reply: readonly Row[] }[];
  readonly events: readonly { readonly op: string; readonly value: Row }[];
}

/** Returns the comparer of a family whose fixtures are recorded from a client. */
export function clientComparer(schema: FamilySchema): FamilyComparer {
  return {
    schema,
    compare: (scene) => {
      compareClient(schema, scene);
    },
  };
}

/** Compares the requests, replies and events that a client has printed with the decoded ones; the number of attributes must be equal. */
export function compareClient(schema: FamilySchema, { shown, answers, events, eventNames }: Scene): void {
  const printed = shown as Talk;
  expect(answers.map(({ op, mode }) => [op, mode])).to.deep.equal(printed.talk.map(({ op, mode }) => [op, mode]));
  printed.talk.forEach(({ op, request, reply }, at) => {
    const { mode, request: asked, rows, error } = answers[at]!;
    expect(error, op).to.equal(undefined);
    compareRows(schema, op, [request], [asked], mode);
    compareRows(schema, op, reply, rows);
  });
  expect(eventNames).to.deep.equal(printed.events.map(({ op }) => op));
  printed.events.forEach(({ op, value }, at) => {
    compareRows(schema, op, [value], [events[at] as Row]);
  });
}

function compareRows(schema: FamilySchema, op: string, shown: readonly Row[], rows: readonly Row[], request?: 'do' | 'dump'): void {
  expect(
    rows.map((row) => Object.keys(row).length),
    `attributes of ${op}`,
  ).to.deep.equal(shown.map((row) => Object.keys(row).length));
  if (shown.some((row) => Object.keys(row).length > 0)) compareYnl(schema, op, shown, rows, request === undefined ? {} : { request });
}
