import { lastValueFrom } from 'rxjs';
import { AuditClient, type AuditRule, type AuditRuleField, type AuditStatusChange } from '../../../lib/families/audit.js';
import { NetlinkError } from '../../../lib/index.js';
import { skipBecause } from '../../support/namespace.js';

/** Marks the rules and messages of this process: the audit subsystem is one for the machine. */
export const KEY: string = `rxnl-${process.pid}`;
/** A user ID that marks the rules of lists in which auditctl accepts no key. */
export const USER: number = 1_000_000_000 + process.pid;

/** Returns a field with a key that marks a rule of this process. */
export const key = (suffix: string): AuditRuleField => ({ field: 'key', operator: '=', value: `${KEY}-${suffix}` });

const isOwn = ({ fields }: AuditRule): boolean => fields.some(({ value }) => value === USER || String(value).startsWith(KEY));

/** Returns the rules of this process. */
export const ownRules = async (client: AuditClient): Promise<AuditRule[]> => (await lastValueFrom(client.rules())).filter(isOwn);

/**
 * Makes a client for the specs of a `describe`. After each spec it deletes the rules of this process and restores the status; it skips all if
 * the audit subsystem cannot be changed.
 */
export function useAudit(): () => AuditClient {
  let client: AuditClient;
  let found: AuditStatusChange;
  before(async function () {
    client = new AuditClient();
    try {
      const { enabled, failure, rateLimit, backlogLimit, pid } = await lastValueFrom(client.do('get'));
      if (enabled === 'locked') skipBecause(this, 'the audit subsystem is locked until the next start');
      if (pid !== 0) skipBecause(this, 'an audit daemon runs');
      found = { enabled, failure, rateLimit, backlogLimit };
    } catch (error) {
      if (error instanceof NetlinkError) skipBecause(this, 'audit needs CAP_AUDIT_CONTROL in the initial namespaces', error);
      throw error;
    }
  });
  afterEach(async () => {
    for (const rule of await ownRules(client)) await lastValueFrom(client.deleteRule(rule));
    await lastValueFrom(client.setStatus(found));
  });
  after(() => {
    client.close();
  });
  return () => client;
}
