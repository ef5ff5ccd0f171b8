import { withJson } from '../../common/json.js';
import type { Read } from '../../common/written.js';
import type { ElementSettings, MapElement } from '../firewall.js';
import { elementDocument, type Element } from '../objects/element.js';
import type { SetThing } from '../objects/set.js';

/** An element of a set or a map of the kernel; it can be given to the verbs that write. @public */
export interface SetEntry extends Omit<ElementSettings<Read>, 'value' | 'timeout'> {
  /** The key: `'10.0.0.0/8'`, `'10.0.0.1 . 80'`, `'*'`. */
  readonly value: string | number;
  /** The target of the key in a map. */
  readonly data?: MapElement['data'];
  /** The milliseconds after which the kernel removes it, if they are not those of the set. */
  readonly timeout?: number;
  /** Milliseconds that are left until the kernel removes it. */
  readonly expires?: number;
  /** The packets that matched, if the element has a counter. */
  readonly packets?: bigint;
  /** Their bytes. */
  readonly bytes?: bigint;
}

/** Returns an element as verbs emit it. @internal */
export function setEntry({ layout, statements }: SetThing, element: Element): SetEntry {
  const document = elementDocument(layout, element, statements.length > 0);
  const settings = (typeof document === 'object' ? document : { value: document }) as SetEntry;
  const counter = element.expressions.find(({ name }) => name === 'counter')?.data as
    { readonly packets?: bigint; readonly bytes?: bigint } | undefined;
  return withJson({
    ...settings,
    ...(typeof element.timeout === 'number' && { timeout: element.timeout }),
    ...(element.expires !== undefined && { expires: element.expires }),
    ...(counter !== undefined && { packets: counter.packets ?? 0n, bytes: counter.bytes ?? 0n }),
  });
}
