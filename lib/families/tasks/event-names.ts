import { kindOf, suggestion } from '../../check/index.js';
import { EventMask, type ProcessEvent } from '../generated/cn_proc.js';

/** The kinds of events of processes. `nonzero-exit` selects the exits with a code or a signal; their `what` is `exit`. @public */
export type ProcessEventName = 'fork' | 'exec' | 'uid' | 'gid' | 'sid' | 'ptrace' | 'comm' | 'nonzero-exit' | 'coredump' | 'exit';

const BITS: Readonly<Record<ProcessEventName, number>> = {
  fork: EventMask.Fork,
  exec: EventMask.Exec,
  uid: EventMask.Uid,
  gid: EventMask.Gid,
  sid: EventMask.Sid,
  ptrace: EventMask.Ptrace,
  comm: EventMask.Comm,
  'nonzero-exit': EventMask.NonzeroExit,
  coredump: EventMask.Coredump,
  exit: EventMask.Exit,
};

/** The mask of all events (`PROC_EVENT_ALL`). @internal */
export const ALL_EVENTS: number = maskOf(Object.keys(BITS));

/** A selection of events. @internal */
export interface EventSelection {
  /** The bits for the kernel. */
  readonly mask: number;
  readonly accepts: (event: ProcessEvent) => boolean;
}

/** Returns the selection of the option `events`; all events if it is omitted. @throws TypeError if it is not valid. @internal */
export function checkEvents(events: readonly string[] | undefined): EventSelection {
  if (events === undefined) return { mask: ALL_EVENTS, accepts: () => true };
  if (!Array.isArray(events) || events.length === 0)
    throw new TypeError(
      `processEvents: option events must be a list of events, not ${Array.isArray(events) ? 'an empty list' : kindOf(events)}`,
    );
  const names = Object.keys(BITS);
  for (const name of events as readonly string[]) {
    if (!Object.hasOwn(BITS, name))
      throw new TypeError(`processEvents: unknown event '${name}'; expected one of ${names.join(', ')}${suggestion(name, names, '; ')}`);
  }
  const chosen = new Set<unknown>(events);
  return {
    mask: maskOf(events),
    // A kernel before 6.6 sends all events.
    accepts: (event) => chosen.has(event.what) || (event.what === 'exit' && event.data.exitCode !== 0 && chosen.has('nonzero-exit')),
  };
}

function maskOf(names: readonly string[]): number {
  return names.reduce((mask, name) => (mask | BITS[name as ProcessEventName]) >>> 0, 0);
}
