import { each, type Work } from '../../common/slices.js';
import { Slots } from '../../tables/slots.js';
import type { TableModel, Wanted } from '../../tables/table-model.js';

/** Returns a function that finds the objects of a key. @internal */
export function* finder(model: TableModel<object>, objects: readonly object[]): Work<(key: Wanted) => readonly object[]> {
  const slots = new Slots<object>();
  yield* each(objects, (object) => slots.add(model.slot(object), object));
  return (key) => {
    const found = slots.get(model.slot(key));
    return found.length === 0 ? found : found.filter((object) => model.matches(object, key));
  };
}
