import type { TcPolice, TcPoliceInput } from '../../../families/tc.js';
import { omitUndefined } from '../../../check/index.js';
import { rate as bits, size, type Check } from '../../fields/check.js';
import { bytesOf, sameBurst, ticksOf } from '../../traffic/ticks.js';
import type { ActionData, ActionKind } from './action-kind.js';
import type { PoliceAction } from './traffic-action.js';
import { verdict, verdictNumber, verdictOf } from './verdict.js';

/** The rate in 32 bits that means that the attribute of 64 bits has it. */
const SATURATED = 0xffff_ffff;

/**
 * log2 of the cell of the rate table, which the kernel requires not to be 0 and does not use; an action without `mtu` gets 255 cells.
 * The usual 2^3 would drop the packets of more than 2,040 bytes that the kernel joins from smaller ones.
 */
const CELL_LOG = 9;

/** The default burst: what the rate sends between two ticks of a kernel with 250 Hz, and a packet. */
const usualBurst = (rate: number): number => Math.ceil(rate / 250) + 2048;

/** Accepts a rate; the kernel counts whole bytes. */
const wholeRate: Check<number> = (value, path) => Math.floor(bits(value, path) / 8) * 8;

/** Returns the rate of a struct and its attribute of 64 bits, in bytes per second. */
function bytesPerSecond({ rate }: { readonly rate: number }, wide: unknown): number {
  return wide === undefined ? rate : Number(wide);
}

function rateSpec(rate: number): TcPoliceInput['rate'] {
  return { rate: Math.min(rate, SATURATED), cellLog: CELL_LOG, linklayer: 1 };
}

function readPolice(data: ActionData): Record<string, unknown> {
  const { tbf, rate64, peakrate64, result } = data as { readonly tbf?: TcPolice } & ActionData;
  if (tbf === undefined) return {};
  const rate = bytesPerSecond(tbf.rate, rate64);
  const peak = bytesPerSecond(tbf.peakrate, peakrate64);
  return omitUndefined({
    rate: rate === 0 ? undefined : rate * 8,
    burst: rate === 0 ? undefined : bytesOf(tbf.burst, rate),
    mtu: tbf.mtu,
    peakRate: peak === 0 ? undefined : peak * 8,
    exceed: verdictOf(tbf.action),
    conform: typeof result === 'number' ? verdictOf(result) : 'pass',
  });
}

function writePolice(wanted: Partial<PoliceAction>): ActionData {
  const { mtu, exceed = 'drop', conform = 'pass' } = wanted;
  const rate = (wanted.rate ?? 0) / 8;
  const peak = (wanted.peakRate ?? 0) / 8;
  const tbf: TcPoliceInput = omitUndefined({
    rate: rateSpec(rate),
    peakrate: peak === 0 ? undefined : rateSpec(peak),
    burst: ticksOf(wanted.burst ?? usualBurst(rate), rate),
    mtu,
    action: verdictNumber(exceed),
  });
  return omitUndefined({
    parms: tbf,
    rate64: rate >= SATURATED ? BigInt(rate) : undefined,
    peakrate64: peak >= SATURATED ? BigInt(peak) : undefined,
    // The engine sends the table with the rate.
    result: conform === 'pass' ? undefined : verdictNumber(conform) >>> 0,
  });
}

/** The translation of `police`. @internal */
export const police: ActionKind = {
  shape: {
    fields: { rate: wholeRate, burst: size, mtu: size, peakRate: wholeRate, exceed: verdict, conform: verdict },
  },
  needs: ['rate'],
  parms: 'tbf',
  attributes: ['rate', 'peakrate', 'rate64', 'peakrate64', 'result'],
  read: readPolice,
  write: (wanted) => writePolice(wanted),
  equal: { burst: (wanted, found, { rate }) => sameBurst(wanted, found, Number(rate) / 8) },
};
