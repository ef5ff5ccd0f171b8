import { Observable, asyncScheduler, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs';
import { checkInteger, checkOptionNames } from '../../check/index.js';
import { isFromProgram, type AuditRecord } from './record.js';
import { AuditRecordType } from './record-type.js';

/** The records of one event. @public */
export interface AuditEvent {
  /** Its time in milliseconds since 1970. */
  readonly time: number;
  /** The number of the event since the machine started. */
  readonly serial: number;
  /** Its records in the kernel's order, without the one that ends it (`EOE`). */
  readonly records: readonly AuditRecord[];
  /** False if no record ended the event before `timeout`: it may lack records, or the kernel sends no end for it. */
  readonly complete: boolean;
}

/** Options of {@link joinRecords}. @public */
export interface JoinRecordsOptions {
  /**
   * Milliseconds from the first record of an event until it is emitted without its end. The kernel sends no end for an event of one
   * record.
   * @defaultValue 2000
   */
  readonly timeout?: number;
  /** The source of time. @defaultValue `asyncScheduler` */
  readonly scheduler?: SchedulerLike;
}

interface OpenEvent {
  readonly records: AuditRecord[];
  readonly due: number;
}

const OPTIONS: ReadonlySet<string> = new Set<keyof JoinRecordsOptions>(['timeout', 'scheduler']);
const TIMEOUT = 2000;
/** Open events beyond this number are emitted: an end may have been lost, and memory is finite. */
const MOST_OPEN = 1000;

/**
 * Joins the records of each event by time and serial number.
 *
 * In plain words: collects records until the record `EOE` of their event. Records of several events may be mixed. A record that a
 * program sent is an event of its own, and is emitted at once.
 *
 * ```text
 * source:  --a--b--a--A--     a, b = records of two events, A = the end of the first
 *          joinRecords()
 * result:  -----------x--     x = the event with two records
 * ```
 *
 * @returns An operator that emits open events when its source ends, as incomplete ones.
 * @example Print the system calls of a rule
 * ```ts
 * audit().records().pipe(joinRecords()).subscribe(({ records }) => console.log(records.map(({ type }) => type)));
 * ```
 * @public
 */
export function joinRecords(options: JoinRecordsOptions = {}): OperatorFunction<AuditRecord, AuditEvent> {
  checkOptionNames('joinRecords', options, OPTIONS);
  const { timeout = TIMEOUT, scheduler = asyncScheduler } = options;
  checkInteger('joinRecords: option timeout', timeout, 0, 0x7fff_ffff);
  return (source) =>
    new Observable((subscriber) => {
      const open = new Map<string, OpenEvent>();
      let timer: Subscription | undefined;
      const emit = (key: string, complete: boolean): void => {
        const { records } = open.get(key)!;
        open.delete(key);
        subscriber.next(eventOf(records, complete));
      };
      const emitDue = (): void => {
        timer = undefined;
        for (const [key, { due }] of open) {
          if (due > scheduler.now()) break;
          emit(key, false);
        }
        startTimer();
      };
      const startTimer = (): void => {
        const [first] = open.values();
        if (timer !== undefined || first === undefined || subscriber.closed) return;
        timer = scheduler.schedule(emitDue, Math.max(0, first.due - scheduler.now()));
      };
      const end = (): void => {
        for (const key of [...open.keys()]) emit(key, false);
      };
      subscriber.add(() => timer?.unsubscribe());
      subscriber.add(
        source.subscribe({
          next: (record) => {
            const key = `${record.time}:${record.serial}`;
            if (record.type === 'EOE') {
              if (open.has(key)) emit(key, true);
              return;
            }
            if (isAlone(record)) return subscriber.next(eventOf([record], true));
            const event = open.get(key);
            if (event !== undefined) return void event.records.push(record);
            open.set(key, { records: [record], due: scheduler.now() + timeout });
            if (open.size > MOST_OPEN) emit(open.keys().next().value!, false);
            startTimer();
          },
          error: (error: unknown) => {
            end();
            subscriber.error(error);
          },
          complete: () => {
            end();
            subscriber.complete();
          },
        }),
      );
    });
}

function isAlone({ type }: AuditRecord): boolean {
  return isFromProgram(typeof type === 'number' ? type : AuditRecordType[type]);
}

function eventOf(records: readonly AuditRecord[], complete: boolean): AuditEvent {
  const [{ time, serial }] = records as [AuditRecord];
  return { time, serial, records, complete };
}
