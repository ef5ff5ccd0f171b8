import { expect } from 'chai';
import { devlinkSchema, type DevlinkAttributes } from '../../../lib/families/generated/devlink.js';
import type { FamilyComparer } from '../comparer.js';
import type { Answer } from '../play.js';
import * as rows from './devlink-rows.js';
import { compareTalk } from './ynl-talk.js';

type Objects = Readonly<Record<string, unknown>>;

/** What `devlink -j` prints below its one key. */
const PRINTED: Readonly<Record<string, (found: readonly DevlinkAttributes[]) => Objects>> = {
  get: (found) => Object.fromEntries(found.map(rows.deviceRow)),
  'region-read': ([region]) => rows.regionData(region!),
  'info-get': (found) => Object.fromEntries(found.map(rows.infoRow)),
  'param-get': (found) => rows.listed(found.map(rows.parameterRow)),
  'port-get': (found) => Object.fromEntries(found.map(rows.portRow)),
  'resource-dump': (found) =>
    Object.fromEntries(
      found.map(({ busName, devName, resourceList }) => [`${busName!}/${devName!}`, rows.resourceRows(resourceList!.resource!)]),
    ),
  'health-reporter-get': (found) => rows.listed(found.map(rows.reporterRow)),
  'trap-get': (found) => rows.listed(found.map((trap) => (trap.stats === undefined ? rows.trapRow : rows.countedTrapRow)(trap))),
  'trap-group-get': (found) => rows.listed(found.map(rows.trapGroupRow)),
  'trap-policer-get': (found) => rows.listed(found.map(rows.trapPolicerRow)),
  'region-get': (found) => Object.fromEntries(found.map(rows.regionRow)),
  'rate-get': (found) => Object.fromEntries(found.map(rows.rateRow)),
  'eswitch-get': (found) => Object.fromEntries(found.map(rows.eswitchRow)),
};

/** Reports of health reporters. */
const ALONE = ['health-reporter-diagnose', 'health-reporter-dump-get'];

export const comparer: FamilyComparer = {
  schema: devlinkSchema,
  compare(scene) {
    const { command, shown, answers, fixture } = scene;
    if (fixture.origin === 'built') return compareTalk(devlinkSchema, scene);
    const { op, rows: answered, error } = decoded(answers);
    // Devices are asked for their counters in any case.
    const found = command.includes(' -s ') ? answered : answered.map(({ stats: _counted, ...rest }) => rest);
    expect(error).to.equal(undefined);
    // What is printed of one object alone has no key.
    if (ALONE.includes(op)) {
      expect(rows.messageObject((found[0] as DevlinkAttributes).fmsg)).to.deep.equal(withoutTimes(shown as Objects));
      return;
    }
    const print = PRINTED[op];
    expect(print, `how ${op} is printed`).not.to.equal(undefined);
    const [printed, ...more] = Object.values(shown as Record<string, Objects>);
    expect(more).to.deep.equal([]);
    expect(print!(found)).to.deep.equal(withoutTimes(printed!));
  },
};

/** devlink learns first, for ports, which devices and ports there are: the last question is the one that it prints the answer of. */
function decoded(answers: readonly Answer[]): Answer {
  const last = answers.findLast(({ op }) => op !== 'get') ?? answers.at(-1);
  if (last === undefined) throw new Error('nothing was asked');
  return last;
}

/** Leaves out when a dump was taken: it stands there in the machine's own time. */
function withoutTimes(printed: Objects): unknown {
  return JSON.parse(
    JSON.stringify(printed, (key, value: unknown) => (key === 'last_dump_date' || key === 'last_dump_time' ? undefined : value)),
  );
}
