import { printValue } from './print-value.js';

/** What RxJS compares: a notification at a frame, or a subscription's two ends. */
interface Frame {
  readonly frame: number;
  readonly notification: { readonly kind: 'N' | 'E' | 'C'; readonly value?: unknown; readonly error?: unknown };
}

interface Ends {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/** Writes what a TestScheduler is about to compare, a line each. @internal */
export function printFrames(frames: unknown): string[] {
  if (!Array.isArray(frames)) return [printValue(frames)];
  return frames.map((item: unknown) => (isFrame(item) ? printFrame(item) : isEnds(item) ? printEnds(item) : printValue(item)));
}

function printFrame({ frame, notification: { kind, value, error } }: Frame): string {
  const at = `${frame} ms: `;
  if (kind === 'C') return `${at}complete`;
  if (kind === 'E') return `${at}error ${printValue(error)}`;
  // An inner Observable has been turned into its own frames.
  if (Array.isArray(value) && value.length > 0 && value.every(isFrame)) return `${at}[${printFrames(value).join('; ')}]`;
  return `${at}${printValue(value)}`;
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
