import { DecodeError } from '../../errors/index.js';
import { decodeText, type Message } from '../../wire/index.js';
import { parseFields, type AuditFields } from './record-fields.js';
import { AuditRecordType, recordTypeName, type AuditRecordTypeName } from './record-type.js';

/** One record of the audit subsystem. The records of one event have the same time and serial number. @public */
export interface AuditRecord {
  /** The name of its type, or the number if it has no name in {@link AuditRecordType}. */
  readonly type: AuditRecordTypeName | number;
  /** Its time in milliseconds since 1970. */
  readonly time: number;
  /** The number of the event since the machine started. */
  readonly serial: number;
  /**
   * The fields by name. Values in hexadecimal digits are decoded if the field is text; arguments of a process title are separated by NUL.
   * The object has no prototype.
   */
  readonly fields: AuditFields;
  /** The fields of the text that a program sent (`msg='...'`). The kernel does not check them. */
  readonly message?: AuditFields;
  /** The text behind the time and the serial number, as the kernel wrote it. */
  readonly text: string;
}

const HEADER = /^audit\((\d{1,12})\.(\d{3}):(\d{1,10})\): ?/;

/**
 * Decodes one record.
 *
 * @param type - The message type.
 * @param text - `audit(1364481363.243:24287): arch=c000003e syscall=2 ...`
 * @throws {@link DecodeError} if the text does not begin with the time and the serial number.
 * @public
 */
export function decodeAuditRecord(type: number, text: string): AuditRecord {
  const [header, seconds, milliseconds, serial] = HEADER.exec(text) ?? [];
  if (header === undefined) {
    throw new DecodeError(`audit record of type ${type}: expected audit(TIME:SERIAL):, got ${JSON.stringify(text.slice(0, 60))}`, 0);
  }
  const rest = text.slice(header.length).replace(/[\n\0]+$/, '');
  const fields = parseFields(rest, { withArguments: type === AuditRecordType.EXECVE });
  const sent = isFromProgram(type) ? fields['msg'] : undefined;
  return {
    type: recordTypeName(type),
    time: Number(seconds) * 1000 + Number(milliseconds),
    serial: Number(serial),
    fields,
    ...(typeof sent === 'string' && { message: parseFields(sent) }),
    text: rest,
  };
}

/** Decodes the record in a message of the group. @internal */
export function recordOf(message: Message): AuditRecord {
  return decodeAuditRecord(message.type, decodeText(message.payload));
}

/** Tests whether programs send records of this type (`AUDIT_USER`, `AUDIT_FIRST_USER_MSG` and so on). @internal */
export function isFromProgram(type: number): boolean {
  return type === AuditRecordType.USER || (type >= 1100 && type <= 1199) || (type >= 2100 && type <= 2999);
}
