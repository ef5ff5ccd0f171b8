import { map, mergeMap, of, type Observable } from 'rxjs';
import { FieldError } from '../common/field-error.js';
import { isNetworkError, NetworkError } from '../common/network-error.js';
import { translateError } from '../common/translate-error.js';
import type { Written } from '../common/written.js';
import { percent, rate, time, type Check } from '../fields/check.js';
import { normalise, type Normal, type Shape as Fields } from '../fields/shape.js';
import { checkVerbOptions, runVerb } from '../tables/run-verb.js';
import { copyOf } from '../tables/table-reader.js';
import { bareRate, isBareRate, LEAST_RATE } from '../traffic/bare-rate.js';
import type { VerbOptions } from '../tables/verbs.js';
import { incomingChanges } from './incoming-changes.js';
import { runChanges } from './run-changes.js';
import { outgoingChanges } from './shape-changes.js';
import { checkForeign, readState, shapeOf, type ShapeTables } from './shape-state.js';
import type { Shape, Shaped } from './shape.js';

/** Accepts a rate. */
const limit: Check<number> = (value, path) => {
  const bits = Math.floor(rate(value, path) / 8) * 8;
  if (bits >= LEAST_RATE) return bits;
  const problem = isBareRate(value) ? `; ${bareRate(value)}` : `, not ${String(value)}`;
  throw new FieldError(path, `expected at least ${LEAST_RATE} bit/s${problem}; null removes the limit`);
};

/** Accepts a value of which 0 means that the limit is absent. */
function unlessZero<T>(check: Check<T>, zero: T): Check<T | null> {
  return (value, path) => {
    const checked = check(value, path);
    return checked === zero ? null : checked;
  };
}

const NAMES = ['out', 'in', 'delay', 'loss'] as const;

const FIELDS: Fields = {
  fields: { out: limit, in: limit, delay: unlessZero(time, 0), loss: unlessZero(percent, '0%') },
  nullable: NAMES,
};

const NONE: Normal<Shape> = { out: null, in: null, delay: null, loss: null };

/** Limits the packets of a link; see `Network.shape`. @internal */
export function shapeLink(tables: ShapeTables, name: string, shape: Shape<Written> | null, options: VerbOptions = {}): Observable<Shaped> {
  checkVerbOptions('shape', options);
  const given = shape === null ? null : copyOf('shape', shape);
  const context = { verb: 'shape', subject: () => `link ${name}`, missing: ['ENODEV'] };
  return runVerb(context, options, () => {
    const wanted = given === null ? NONE : normalise<Shape>(FIELDS, given);
    return readState(tables, name).pipe(
      mergeMap((state) => {
        const after = merged(shapeOf(state), wanted);
        checkForeign(state, after, name);
        const changes = [...incomingChanges(tables, state, after), ...outgoingChanges(tables, state, after)];
        return runChanges(changes, (error, undoing) => failure(error, undoing, name)).pipe(
          mergeMap((changed) => {
            const now = changed.length === 0 ? of(state) : readState(tables, name);
            return now.pipe(map((found) => ({ link: found.link.name, shape: shapeOf(found), changed })));
          }),
        );
      }),
    );
  });
}

/** Returns limits with the wanted ones in them. */
function merged(present: Shape, wanted: Normal<Shape>): Shape {
  const limits = NAMES.map((name) => [name, wanted[name] === undefined ? present[name] : wanted[name]] as const);
  return Object.fromEntries(limits.filter(([, value]) => value !== undefined && value !== null));
}

/** Returns the error of a shape; its text states whether the link is as before. */
function failure(error: unknown, undoing: unknown, name: string): unknown {
  const cause = translateError(error, { verb: 'shape', subject: () => `link ${name}`, missing: [] });
  if (!isNetworkError(cause)) return cause;
  const { reason, code, errno, path, message } = cause;
  const state = undoing === undefined ? 'the link is as before' : 'the link could not be restored';
  return new NetworkError({ reason, verb: 'shape', subject: `link ${name}`, path, code, errno, cause, text: `${message}; ${state}` });
}
