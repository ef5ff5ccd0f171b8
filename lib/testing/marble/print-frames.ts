import { printWith } from './print-value.js';

/** What RxJS compares: a notification at a frame, or a subscription's two ends. */
interface Frame {
  readonly frame: number;
  readonly notification: { readonly kind: 'N' | 'E' | 'C'; readonly value?: unknown; readonly error?: unknown };
}

interface Ends {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/**
 * Writes what a TestScheduler is about to compare, a line each.
 *
 * @param secrets - Properties that are key material, in what came or in what is expected.
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
  // An inner Observable has been turned into its own frames.
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
