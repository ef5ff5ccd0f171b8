import { FieldError } from '../common/field-error.js';
import type { Read, Written } from '../common/written.js';
import type { Option } from '../fields/option.js';
import type { Normal } from '../fields/shape.js';
import type { TrafficKind } from '../traffic/kind.js';
import { optionGroup } from '../traffic/option-group.js';
import { absentAtZero, microseconds, rate } from '../traffic/traffic-options.js';

/** A service curve of `hfsc`: the rate of a class, and another one at first (struct tc_service_curve). @public */
export interface ServiceCurve<U extends Written = Read> {
  /** The rate (`m2`). */
  readonly rate?: U['rate'];
  /** The rate of the first packets after an idle time (`m1`). It needs `firstTime`. */
  readonly firstRate?: U['rate'] | U['none'];
  /** The time of `firstRate` (`d`). */
  readonly firstTime?: U['time'] | U['none'];
}

/** The options of a class of kind `hfsc` (`TCA_HFSC_*`). A class has `realTime` or `linkShare`, or both; the kernel removes none. @public */
export interface HfscClassOptions<U extends Written = Read> {
  /** The service that a leaf class has in any case (`TCA_HFSC_RSC`). */
  readonly realTime?: ServiceCurve<U>;
  /** The share of the class in what is left (`TCA_HFSC_FSC`). */
  readonly linkShare?: ServiceCurve<U>;
  /** The most that the class gets by `linkShare` (`TCA_HFSC_USC`). */
  readonly upperLimit?: ServiceCurve<U>;
}

const CURVE = { rate: absentAtZero(rate('m2')), firstRate: absentAtZero(rate('m1')), firstTime: absentAtZero(microseconds('d')) };

const NAMES = ['realTime', 'linkShare', 'upperLimit'] as const;

function curve(attribute: string): Option {
  return { ...optionGroup(attribute, CURVE, (values) => values), nullable: false };
}

/** @throws FieldError if a curve is not complete. */
function checkCurve(name: string, value: unknown): void {
  if (value === undefined) return;
  const { rate: last, firstRate, firstTime } = value as Normal;
  const isGiven = (part: unknown): boolean => typeof part === 'number' && part > 0;
  if (!isGiven(last) && !isGiven(firstRate)) throw new FieldError(`${name}.rate`, 'is required');
  if (isGiven(firstRate) !== isGiven(firstTime))
    throw new FieldError(`${name}.${isGiven(firstRate) ? 'firstTime' : 'firstRate'}`, 'is required: a first rate has a time');
}

/** The classes of kind `hfsc`. @internal */
export const hfscClass: TrafficKind<HfscClassOptions> = {
  options: { realTime: curve('rsc'), linkShare: curve('fsc'), upperLimit: curve('usc') },
  whole: true,
  check: (options) => {
    for (const name of NAMES) checkCurve(name, options[name]);
  },
  checkWhole: ({ realTime, linkShare }) => {
    if (realTime === undefined && linkShare === undefined) throw new FieldError('linkShare', 'is required, or realTime');
  },
};
