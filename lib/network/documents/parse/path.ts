import { FieldError } from '../../common/field-error.js';
import type { Work } from '../../common/slices.js';

/** Runs a check of a part of a document; a problem in it gets the whole path. @internal */
export function at<T>(place: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw located(place, error);
  }
}

/** Does work on a part of a document; a problem in it gets the whole path. @internal */
export function* workAt<T>(place: string, work: () => Work<T>): Work<T> {
  try {
    return yield* work();
  } catch (error) {
    throw located(place, error);
  }
}

/** Returns an error of a part of a document with the whole path. @internal */
export function located(place: string, error: unknown): unknown {
  return error instanceof FieldError ? new FieldError(joined(place, error.path), error.message, error.reason, error.cause) : error;
}

/** Returns the path of a part: `links[0]` and `mtu` are `links[0].mtu`. @internal */
export function joined(place: string, path: string): string {
  if (place === '' || path === '') return `${place}${path}`;
  return path.startsWith('[') ? `${place}${path}` : `${place}.${path}`;
}
