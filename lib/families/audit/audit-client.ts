import { omitUndefined } from '../../check/index.js';
import { catchError, defer, endWith, ignoreElements, map, of, throwError, type Observable } from 'rxjs';
import { FamilyClient, type FamilySocket } from '../../client/index.js';
import { EncodeError, KernelError } from '../../errors/index.js';
import { encodeTextAt } from '../../wire/internal.js';
import { StatusMask, auditSchema, type AuditFamily, type SetRequest } from '../generated/audit.js';
import { decodeAuditRule } from './decode-rule.js';
import { encodeAuditRule } from './encode-rule.js';
import { isFromProgram, recordOf, type AuditRecord } from './record.js';
import { AuditRecordType, type AuditRecordTypeName } from './record-type.js';
import type { AuditRule } from './rule.js';

/** The parts of the status that a program can change. @public */
export type AuditStatusChange = Pick<SetRequest, 'enabled' | 'failure' | 'pid' | 'rateLimit' | 'backlogLimit' | 'backlogWaitTime'>;

/** `AUDIT_NLGRP_READLOG`. */
const READ_LOG = 1;
/** `AUDIT_MESSAGE_TEXT_MAX`: the kernel cuts longer text. */
const LONGEST_TEXT = 8560;

const MASKS: Readonly<Record<keyof AuditStatusChange, number>> = {
  enabled: StatusMask.Enabled,
  failure: StatusMask.Failure,
  pid: StatusMask.Pid,
  rateLimit: StatusMask.RateLimit,
  backlogLimit: StatusMask.BacklogLimit,
  backlogWaitTime: StatusMask.BacklogWaitTime,
};

/**
 * A client of the audit subsystem: its operations as in every family, and rules and records in words.
 *
 * There is one audit subsystem for the machine. Its requests need CAP_AUDIT_CONTROL in the initial namespaces, records CAP_AUDIT_READ,
 * messages CAP_AUDIT_WRITE.
 *
 * @public
 */
export class AuditClient extends FamilyClient<AuditFamily> {
  /** @param socket - A socket to share, or its options. */
  constructor(socket?: FamilySocket) {
    super(auditSchema, socket);
  }

  /**
   * Changes parts of the status; the others stay.
   *
   * @param changes - `pid` registers this process as the audit daemon, which then must receive all records; 0 ends that.
   */
  setStatus(changes: AuditStatusChange): Observable<void> {
    const mask = (Object.keys(omitUndefined(changes)) as (keyof AuditStatusChange)[]).reduce(
      (sum, name) => sum | (Object.hasOwn(MASKS, name) ? MASKS[name] : 0),
      0,
    );
    if (mask === 0) return throwError(() => new EncodeError(`expected one of ${Object.keys(MASKS).join(', ')}`, '', 'set'));
    return this.do('set', { ...changes, mask }).pipe(map(() => undefined));
  }

  /** Resets the number of lost records to 0 and emits the former number. */
  resetLost(): Observable<number> {
    return this.do('set', { mask: StatusMask.Lost }).pipe(
      map(() => 0),
      // The kernel returns the number in the place of the error number, as a positive one.
      catchError((error: unknown) => (error instanceof KernelError && error.errno > 0 ? of(error.errno) : throwError(() => error))),
    );
  }

  /**
   * Emits all rules as one array, in the kernel's order.
   *
   * @throws `DecodeError` as the error signal, if the kernel has a list, an action or an operator that this version does not name.
   */
  rules(): Observable<AuditRule[]> {
    return this.list('list-rules').pipe(map((rows) => rows.map(decodeAuditRule)));
  }

  /**
   * Adds a rule; it stays until it is deleted or the machine starts again.
   *
   * @throws {@link EncodeError} as the error signal, if the kernel would reject the rule or ignore a part of it; {@link KernelError} with
   *   the code EEXIST if there is an equal one. With `prepend` the kernel adds an equal rule again.
   */
  addRule(rule: AuditRule): Observable<void> {
    return this.#change('add-rule', rule);
  }

  /**
   * Deletes a rule.
   *
   * @param rule - A rule with the same list, action, system calls and fields in the same order, e.g. one of {@link AuditClient.rules}.
   * @throws {@link KernelError} as the error signal, with the code ENOENT if there is none.
   */
  deleteRule(rule: AuditRule): Observable<void> {
    // The kernel keeps the rule without this flag, and compares the flags.
    return this.#change('del-rule', { ...rule, prepend: false });
  }

  /**
   * Sends a message to the log.
   *
   * The kernel acknowledges and ignores it while the audit subsystem is off.
   *
   * @param type - A type of records that programs send, from 1100 to 1199 or from 2100 to 2999.
   * @param text - Text, usually `op=... acct="..." res=success`; at most 8559 bytes.
   */
  sendMessage(type: AuditRecordTypeName | number, text: string): Observable<void> {
    return defer(() => {
      const number = typeof type === 'number' ? type : Object.hasOwn(AuditRecordType, type) ? AuditRecordType[type] : 0;
      if (!isFromProgram(number)) {
        throw new EncodeError(`programs do not send records of type ${type}; expected e.g. 'TRUSTED_APP'`, '.type', 'user');
      }
      const payload = encodeTextAt(text, () => '.text');
      if (payload.length < 2 || payload.length > LONGEST_TEXT) {
        throw new EncodeError(`expected 1 to ${LONGEST_TEXT - 1} bytes of text, got ${payload.length - 1}`, '.text', 'user');
      }
      return this.socket.request({ type: number, payload }, { operation: 'user' }).pipe(ignoreElements(), endWith(undefined));
    });
  }

  /**
   * Emits the records that the kernel writes from now on (`AUDIT_NLGRP_READLOG`), also without an audit daemon.
   *
   * The kernel writes none while the audit subsystem is off. It sends them only to sockets of the first network namespace.
   *
   * @throws `OverrunError` as the error signal, if records were lost; `DecodeError` if one is malformed.
   * @see {@link joinRecords}
   */
  records(): Observable<AuditRecord> {
    return this.eventSocket.multicast(READ_LOG).pipe(map(recordOf));
  }

  #change(op: 'add-rule' | 'del-rule', rule: AuditRule): Observable<void> {
    return defer(() => {
      try {
        return this.do(op, encodeAuditRule(rule));
      } catch (error) {
        throw error instanceof EncodeError ? error.of(op, '') : error;
      }
    }).pipe(map(() => undefined));
  }
}
