import { type BodySchema, bodyKey } from '../codec/back-end.js';
import { MOST_PICKS } from '../descriptor/pick.js';
import { BoundedMap } from './bounded-map.js';

/** Keeps what was made for each body. It evicts the pick that was used least recently, because callers choose picks. @internal */
export class BodyCache<Made extends object> {
  readonly #whole = new Map<string, Made>();
  readonly #picked = new BoundedMap<string, Made>(MOST_PICKS);

  get(body: BodySchema, make: () => Made): Made {
    const key = bodyKey(body);
    if (body.pick !== undefined) return this.#picked.get(key, make);
    let made = this.#whole.get(key);
    if (made === undefined) this.#whole.set(key, (made = make()));
    return made;
  }
}
