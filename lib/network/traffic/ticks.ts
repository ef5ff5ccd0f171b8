import { readFileSync } from 'node:fs';

/** The clock of traffic control. @internal */
export interface Clock {
  /** Ticks of a second: 15,625,000, because a tick has 64 ns (`PSCHED_SHIFT` is 6). */
  readonly ticks: number;
  /** The frequency from which `tc` computes a burst. */
  readonly frequency: number;
}

/** The clock of a kernel with timers of high resolution. */
const USUAL: Clock = { ticks: 15_625_000, frequency: 1_000_000_000 };

let known: Clock | undefined;

/** Returns the clock of this kernel; `/proc/net/psched` is read once. @internal */
export function clock(): Clock {
  return (known ??= readClock());
}

function readClock(): Clock {
  try {
    return parseClock(readFileSync('/proc/net/psched', 'utf8'));
  } catch {
    return USUAL;
  }
}

/** Parses `/proc/net/psched`: nanoseconds of a microsecond and of a tick, the resolution of the clock, and the frequency. @internal */
export function parseClock(text: string): Clock {
  const [microsecond = 0, tick = 0, resolution = 0, frequency = 0] = text
    .trim()
    .split(/\s+/)
    .map((word) => Number.parseInt(word, 16));
  const ticks = (microsecond / tick) * resolution;
  return Number.isFinite(ticks) && ticks > 0 && frequency > 0 ? { ticks, frequency } : USUAL;
}

/** Returns the ticks that some bytes take at a rate in bytes per second; as `tc`, the next whole number. @internal */
export function ticksOf(bytes: number, rate: number): number {
  return rate === 0 ? 0 : Math.min(Math.ceil(Number(((bytes * clock().ticks) / rate).toPrecision(12))), 0xffff_ffff);
}

/** Returns the bytes that some ticks take at a rate in bytes per second. @internal */
export function bytesOf(ticks: number, rate: number): number {
  return Math.floor(Number(((ticks * rate) / clock().ticks).toPrecision(12)));
}

/** Returns the burst of a rate, as `tc` chooses it: the bytes of one timer interrupt and one packet. @internal */
export function usualBurst(rate: number): number {
  return Math.floor(rate / clock().frequency) + 1600;
}

/** Returns true if two bursts have the same ticks at a rate, or differ by one tick, which the kernel drops. @internal */
export function sameBurst(wanted: unknown, found: unknown, rate: number): boolean {
  if (typeof wanted !== 'number' || typeof found !== 'number') return (wanted ?? undefined) === found;
  return Math.abs(wanted - found) <= Math.ceil(rate / clock().ticks);
}
