import { expect } from 'chai';
import { rtRouteSchema } from '../../../lib/families/generated/rt-route.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import type { Answer } from '../play.js';
import { compareFields, type Fields, type Shown } from './fields.js';
import { bucket, multicast, nexthopObject, route, type NexthopObject, type RouteRow } from './route-fields.js';
import { compareYnl } from './ynl.js';

const rowsOf = (answers: readonly Answer[], op: string): unknown[] => answers.flatMap((answer) => (answer.op === op ? answer.rows : []));

function compareList<Value>(table: readonly Shown[], rows: readonly Value[], fields: Fields<Value>): void {
  expect(rows.length).to.equal(table.length);
  table.forEach((row, index) => {
    compareFields(String(index), row, rows[index]!, fields);
  });
}

/** `ip -d route` and `ip -d nexthop` in the order of the dump; ip omits rows that its arguments exclude. */
function compareRoutes({ command, shown, answers, links }: Scene): void {
  const table = shown as readonly Shown[];
  expect(table).to.not.have.length(0);
  if (command.endsWith(' nexthop')) {
    const objects = rowsOf(answers, 'getnexthop') as NexthopObject[];
    expect(objects.map(({ id }) => id)).to.deep.equal(table.map(({ id }) => id));
    table.forEach((row, index) => {
      compareFields(`nexthop ${String(row['id'])}`, row, objects[index]!, nexthopObject(links));
    });
    return;
  }
  if (command.includes(' bucket ')) {
    compareList(table, rowsOf(answers, 'getnexthopbucket') as NexthopObject[], bucket(links));
    return;
  }
  if (command.includes(' mroute ')) {
    compareList(table, rowsOf(answers, 'getroute') as RouteRow[], multicast(links));
    return;
  }
  const rows = (rowsOf(answers, 'getroute') as RouteRow[]).filter(
    ({ table: number, rtmTable }) => command.includes('table all') || (number ?? rtmTable) === 254,
  );
  expect(rows.length).to.equal(table.length);
  const objects = rowsOf(answers, 'getnexthop') as NexthopObject[];
  table.forEach(({ nh_info: info, ...row }, index) => {
    compareFields(`route ${String(row['dst'])}`, row, rows[index]!, route(links));
    if (info !== undefined)
      compareFields(
        `nexthop of ${String(row['dst'])}`,
        info as Shown,
        objects.find(({ id }) => id === rows[index]!.nhId)!,
        nexthopObject(links),
      );
  });
}

/** Attributes that the specification declares as bytes. */
const OVERLAID = {
  '.multipath': 'is a list of struct rtnexthop with attributes',
  '.via': 'is a struct rtvia',
  '.encap': 'depends on the type of encapsulation',
};

export const comparer: FamilyComparer = {
  schema: rtRouteSchema,
  compare(scene) {
    const { command, shown, answers } = scene;
    if (command.startsWith('ynl ')) compareYnl(rtRouteSchema, answers[0]!.op, shown, answers[0]!.rows, { overlaid: OVERLAID });
    else compareRoutes(scene);
  },
};
