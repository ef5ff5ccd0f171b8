import { expect } from 'chai';
import { devlinkSchema, type DevlinkAttributes } from '../../../lib/families/generated/devlink.js';
import type { FamilyComparer } from '../comparer.js';
import type { Answer } from '../play.js';
import * as rows from './devlink-rows.js';
import { compareTalk } from './ynl-talk.js';

type Objects = Readonly<Record<string, unknown>>;

/** The output of `devlink -j` below its only key. */
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
    const { op, rows: answered, error } = lastAnswer(answers);
    // devlink requests the counters of devices in every case.
    const found = command.includes(' -s ') ? answered : answered.map(({ stats: _counted, ...rest }) => rest);
    expect(error).to.equal(undefined);
    // The output for a single object has no key.
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

/** For ports, devlink first reads the devices and ports; its output shows the reply to the last request. */
function lastAnswer(answers: readonly Answer[]): Answer {
  const last = answers.findLast(({ op }) => op !== 'get') ?? answers.at(-1);
  if (last === undefined) throw new Error('the capture has no requests');
  return last;
}

/** Omits the time of a dump, which is printed as local time. */
function withoutTimes(printed: Objects): unknown {
  return JSON.parse(
    JSON.stringify(printed, (key, value: unknown) => (key === 'last_dump_date' || key === 'last_dump_time' ? undefined : value)),
  );
}
