import { ignoreElements, mergeMap, tap } from 'rxjs';
import type { ReconcileEvent } from '../../network/index.js';
import type { Action } from '../command.js';
import { printable } from '../output/printable.js';
import type { Style } from '../output/style.js';
import { planLines } from './plan-lines.js';
import { readDocument } from './read-document.js';
import { withNetwork } from './with-network.js';
import { jsonText } from '../output/json-text.js';
import { countText } from '../output/count-text.js';

/** `rxnetlink reconcile`: what other programs changed, and what was repaired. */
export const action: Action = (call) =>
  readDocument(call).pipe(
    mergeMap((document) => withNetwork(call, (net) => net.reconcile(document))),
    tap((event) => {
      const { output, options } = call;
      output.lines(options['json'] === true ? [jsonText(plain(event))] : lines(event, output.style));
    }),
    ignoreElements(),
  );

function lines(event: ReconcileEvent, style: Style): string[] {
  switch (event.type) {
    case 'in-sync':
      return [style.green('in sync')];
    case 'drift':
      return planLines(event.plan.text, style);
    case 'repaired':
      return [`repaired: ${countText(event.result.written, 'change')}`];
    case 'failed':
      return [style.red(printable(event.error.message)), `trying again in ${String(event.retryIn)} ms`];
    case 'fighting':
      return [style.red(`another program changes it again and again: ${printable(event.difference.text)}`)];
  }
}

/** The event without the parts that are the same in each. */
function plain(event: ReconcileEvent): object {
  if (event.type === 'drift') return { type: event.type, differences: event.plan.differences, effects: event.plan.effects };
  return event.type === 'failed' ? { type: event.type, error: event.error.message, retryIn: event.retryIn } : event;
}
