import type { FamilySocket } from '../client/index.js';
import { AuditClient } from './audit/audit-client.js';

export * from './generated/audit.js';
export { AuditClient, type AuditStatusChange } from './audit/audit-client.js';
export { joinRecords, type AuditEvent, type JoinRecordsOptions } from './audit/join-records.js';
export { decodeAuditRecord, type AuditRecord } from './audit/record.js';
export type { AuditFields } from './audit/record-fields.js';
export { AuditRecordType, type AuditRecordTypeName } from './audit/record-type.js';
export { decodeAuditRule } from './audit/decode-rule.js';
export { encodeAuditRule } from './audit/encode-rule.js';
export type {
  AuditArch,
  AuditComparedId,
  AuditFileType,
  AuditNumberField,
  AuditOperator,
  AuditRule,
  AuditRuleField,
  AuditRuleList,
  AuditTextField,
} from './audit/rule.js';

/** The audit subsystem: its status, rules and records. @public */
export const audit: (socket?: FamilySocket) => AuditClient = (socket) => new AuditClient(socket);
