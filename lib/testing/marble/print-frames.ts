import { printWith } from './print-value.js';

/** A notification at a frame, as RxJS compares it. */
interface Frame {
  readonly frame: number;
  readonly notification: { readonly kind: 'N' | 'E' | 'C'; readonly value?: unknown; readonly error?: unknown };
}

/** The two ends of a subscription, as RxJS compares them. */
interface Ends {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/**
 * Prints the values that a TestScheduler compares, one line for each.
 *
 * @param secrets - The names of properties with key material, in actual or expected values.
 * @internal
 */
export function printFrames(frames: unknown, secrets: ReadonlySet<string>): string[] {
  if (!Array.isArray(frames)) return [printWith(frames, secrets)];
  return frames.map((item: unknown) =>
    isFrame(item) ? printFrame(item, secrets) : isEnds(item) ? printEnds(item) : printWith(item, secrets),
  );
}

function printFrame({ frame, notification: { kind, value, error } }: Frame, secrets: ReadonlySet<string>): string {
  const at = `${frame} ms: `;
  if (kind === 'C') return `${at}complete`;
  if (kind === 'E') return `${at}error ${printWith(error, secrets)}`;
  // TestScheduler replaces an inner Observable by its frames.
  if (Array.isArray(value) && value.length > 0 && value.every(isFrame)) return `${at}[${printFrames(value, secrets).join('; ')}]`;
  return `${at}${printWith(value, secrets)}`;
}

function printEnds({ subscribedFrame, unsubscribedFrame }: Ends): string {
  const end = unsubscribedFrame === Infinity ? 'never unsubscribed' : `unsubscribed at ${unsubscribedFrame} ms`;
  return `subscribed at ${subscribedFrame} ms, ${end}`;
}

function isFrame(value: unknown): value is Frame {
  return typeof value === 'object' && value !== null && 'frame' in value && 'notification' in value;
}

function isEnds(value: unknown): value is Ends {
  return typeof value === 'object' && value !== null && 'subscribedFrame' in value && 'unsubscribedFrame' in value;
}
