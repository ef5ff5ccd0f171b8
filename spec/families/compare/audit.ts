import { expect } from 'chai';
import { Feature, auditSchema, decodeAuditRule, type AuditFamily } from '../../../lib/families/audit.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { auditctlLine } from './audit-text.js';

type Status = AuditFamily['do']['get']['reply'];
type Features = AuditFamily['do']['get-feature']['reply'];
type Rule = AuditFamily['dump']['list-rules']['reply'];

/** Returns the numbers that `auditctl -s` prints, by its names. */
function printed(status: Status, { features, lock }: Features): object {
  const single = {
    enabled: ['off', 'on', 'locked'].indexOf(String(status.enabled)),
    failure: ['silent', 'printk', 'panic'].indexOf(String(status.failure)),
    pid: status.pid,
    rate_limit: status.rateLimit,
    backlog_limit: status.backlogLimit,
    lost: status.lost,
    backlog: status.backlog,
    backlog_wait_time: status.backlogWaitTime,
    backlog_wait_time_actual: status.backlogWaitTimeActual,
  };
  const has = (flags: number): boolean => (flags & Feature.LoginuidImmutable) !== 0;
  return {
    ...Object.fromEntries(Object.entries(single).map(([name, number]) => [name, [number]])),
    loginuid_immutable: [has(features) ? 1 : 0, has(lock) ? 'locked' : 'unlocked'],
  };
}

export const comparer: FamilyComparer = {
  schema: auditSchema,
  // AUDIT_LIST_RULES: auditctl sends it without NLM_F_DUMP.
  old: { type: 1013, asked: { op: 'list-rules', mode: 'dump', value: {} } },
  compare({ command, shown, answers }: Scene) {
    const rows = (op: string): unknown[] => answers.filter((answer) => answer.op === op).flatMap((answer) => answer.rows);
    if (command.endsWith(' -l')) {
      const lines = (rows('list-rules') as Rule[]).map((row) => auditctlLine(decodeAuditRule(row)));
      return expect(lines).to.deep.equal(shown);
    }
    const [status] = rows('get') as Status[];
    const [features] = rows('get-feature') as Features[];
    return expect(printed(status!, features!)).to.deep.equal(shown);
  },
};
