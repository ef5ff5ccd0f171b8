import { expect } from 'chai';
import { teamSchema } from '../../../lib/families/generated/team.js';
import type { TeamAttributes } from '../../../lib/families/team.js';
import type { FamilyComparer, Scene } from '../comparer.js';

/** Returns the items in all messages of one reply. */
function decoded<Item>({ answers }: Scene, op: string, items: (row: TeamAttributes) => readonly Item[] | undefined): Item[] {
  const rows = answers.filter((answer) => answer.op === op).at(-1)?.rows ?? [];
  return rows.flatMap((row) => items(row as TeamAttributes) ?? []);
}

/** `teamnl options`: the last option first, each value followed by a space. */
function compareOptions(scene: Scene): void {
  const options = decoded(scene, 'options-get', ({ listOption }) => listOption?.option).map(({ name, portIfindex, type, data }) => ({
    name,
    ...(portIfindex === undefined ? {} : { port: scene.links.of(portIfindex) }),
    value: `${String(type === 'flag' ? data === true : data)} `,
  }));
  expect(options.toReversed()).to.deep.equal(scene.shown);
}

function comparePorts(scene: Scene): void {
  const ports = decoded(scene, 'port-list-get', ({ listPort }) => listPort?.port).map(({ ifindex, linkup, speed, duplex }) => ({
    index: ifindex,
    name: scene.links.of(ifindex),
    up: linkup === true ? 'up' : 'down',
    speed,
    duplex: duplex === 1 ? 'FD' : 'HD',
  }));
  expect(ports.toReversed()).to.deep.equal(scene.shown);
}

export const comparer: FamilyComparer = {
  schema: teamSchema,
  compare(scene) {
    if (scene.command.endsWith(' options')) compareOptions(scene);
    else comparePorts(scene);
  },
};
