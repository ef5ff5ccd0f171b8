import { Observable, concat, defer, first, ignoreElements, retry, switchMap, tap, throwError, timer } from 'rxjs';
import { FleetError } from '../fleet-error.js';
import { BATCH_HEADER } from '../log/message.js';
import type { FleetConnection } from '../server/fleet-connection.js';
import { ApiCode, apiCode, isNoResponders, permissionError, serverError } from '../server/server-error.js';
import { readStream } from '../server/streams.js';
import { ConsumerLost, orderedMessages, type OrderedStep, type StreamMessage } from './ordered-messages.js';

/** Milliseconds between two looks for a stream that does not exist yet. */
const ABSENT = 500;

/** Milliseconds before a consumer is made again, doubled with each failure. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2000;

/** Requests without a responder after which the server has no JetStream. */
const TRIES = 4;

/** An emission of {@link followStream}. @internal */
export type StreamStep =
  /** The messages from the first one follow: the reader starts again. */
  | { readonly type: 'restart' }
  /** The messages after the last one follow. Subjects may have been deleted meanwhile. */
  | { readonly type: 'resume' }
  | OrderedStep;

/** The place in a stream up to which messages were read. */
interface Place {
  readonly created: string;
  readonly last: Pick<StreamMessage, 'sequence' | 'batch'> | undefined;
}

/**
 * Reads the messages of a stream, and continues after losses of the connection, of the consumer and of the stream.
 *
 * It continues after the last message if the server still has that message. Otherwise it emits `restart`, and begins again. A stream that does not
 * exist is waited for.
 *
 * @param longestAbsence - Milliseconds between two looks for a stream that does not exist, at most.
 * @internal
 */
export function followStream(
  fleet: FleetConnection,
  stream: string,
  filters: readonly string[],
  longestAbsence: number = ABSENT,
): Observable<StreamStep> {
  return new Observable<StreamStep>((subscriber) => {
    let place: Place | undefined;
    let failures = 0;
    let absence = ABSENT;
    let isRereading = true;
    let isAnswered = false;
    let unanswered = 0;
    const once = defer(() => nextStart(fleet, stream, place)).pipe(
      switchMap(({ created, start }) => {
        isAnswered = true;
        isRereading ||= start === 0;
        if (isRereading) {
          place = { created, last: undefined };
          subscriber.next({ type: 'restart' });
        } else subscriber.next({ type: 'resume' });
        return orderedMessages(fleet, stream, filters, isRereading ? 0 : start);
      }),
      tap((step) => {
        failures = 0;
        if (step.type === 'caughtUp') isRereading = false;
        else if (place !== undefined) place = { ...place, last: step.message };
      }),
    );
    const whenUp = fleet.up.pipe(
      first((up) => up),
      ignoreElements(),
    );
    const again = (error: unknown) => {
      const ending = endingError(fleet, stream, error);
      isAnswered ||= error instanceof StreamAbsent;
      // A server that had JetStream before may be starting.
      if (!isAnswered && isNoResponders(error) && ++unanswered === TRIES)
        return throwError(() => serverError(`fleet: stream ${stream}`, error));
      if (ending !== undefined) return throwError(() => ending);
      if (error instanceof StreamAbsent) {
        const pause = absence;
        absence = Math.min(longestAbsence, 2 * absence);
        return timer(pause);
      }
      return timer(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures++));
    };
    return concat(whenUp, once)
      .pipe(retry({ delay: again }))
      .subscribe(subscriber);
  });
}

/** The stream does not exist, or was deleted. */
class StreamAbsent extends Error {}

/** Returns the error that ends the reader; undefined for one after which it tries again. */
function endingError(fleet: FleetConnection, stream: string, error: unknown): Error | undefined {
  if (error instanceof ConsumerLost || error instanceof StreamAbsent) return undefined;
  if (error instanceof FleetError) return error;
  const what = `fleet: stream ${stream}`;
  const denied = permissionError(what, error);
  if (denied !== undefined) return denied;
  const code = apiCode(error);
  if (code === ApiCode.NotEnabled || code === ApiCode.NotEnabledForAccount) return serverError(what, error);
  if (fleet.connection.isClosed()) return serverError(what, error);
  return undefined;
}

/** Returns the sequence to continue with; 0 to begin again. */
async function nextStart(fleet: FleetConnection, stream: string, place: Place | undefined) {
  const info = await readStream(fleet, stream);
  if (info === undefined) throw new StreamAbsent();
  const { created, state } = info;
  const last = place?.last;
  if (place?.created !== created || last === undefined || state.last_seq < last.sequence) return { created, start: 0 };
  return { created, start: (await hasMessage(fleet, stream, last)) ? last.sequence + 1 : 0 };
}

/** Returns true if the server still has a message: the messages before it are those that were read. */
async function hasMessage(fleet: FleetConnection, stream: string, { sequence, batch }: Pick<StreamMessage, 'sequence' | 'batch'>) {
  try {
    const manager = await fleet.manager;
    const stored = await manager.streams.getMessage(stream, { seq: sequence });
    return stored?.header.get(BATCH_HEADER) === batch;
  } catch (error) {
    if (isNoResponders(error)) throw error;
    return false;
  }
}
