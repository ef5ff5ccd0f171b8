import type { Claim, Wanted } from '../tables/table-model.js';
import { handleText } from '../traffic/handle.js';
import { placeOfKind } from './qdisc-shape.js';

/** The major numbers of handles that the kernel chooses too. */
const FIRST = 0x8001;
const COUNT = 0x7ffe;

/**
 * Returns a function that chooses handles for new qdiscs without one. Programs that choose at the same time begin at different numbers.
 *
 * The kernel replaces a qdisc of another kind, with all classes and filters below it, if the request has no handle. With a handle, it
 * rejects the request if any qdisc is there (EEXIST of `tc_modify_qdisc`), also one that another program adds at that moment. If another
 * program takes the chosen handle at that moment, the request is rejected too.
 *
 * @internal
 */
export function handleClaim(): Claim {
  let chosen = Math.floor(Math.random() * COUNT);
  return {
    // The handle of `clsact` is always the same.
    isNeeded: ({ handle, parent, kind }) => handle === undefined && (parent ?? placeOfKind(kind)) !== 'clsact',
    claimed: (wanted, objects) => {
      const { link } = wanted;
      for (let tries = 0; tries < COUNT; tries++) {
        const handle = handleText((FIRST + (chosen++ % COUNT)) * 0x1_0000);
        if (!objects.some((object) => (object as Wanted)['handle'] === handle && (object as Wanted)['link'] === link))
          return { ...wanted, handle };
      }
      // The kernel reports that it has no handle left either.
      return wanted;
    },
  };
}
