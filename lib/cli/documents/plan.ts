import { map, mergeMap, tap } from 'rxjs';
import type { Action } from '../command.js';
import { ExitCode } from '../run/exit-code.js';
import { planLines } from './plan-lines.js';
import { readDocument } from './read-document.js';
import { withNetwork } from './with-network.js';
import { jsonText } from '../output/json-text.js';

/** `rxnetlink plan`: what `apply` would change. */
export const action: Action = (call) =>
  readDocument(call).pipe(
    mergeMap((document) => withNetwork(call, (net) => net.plan(document))),
    tap(({ differences, effects, conflicts, text, isEmpty }) => {
      const { output } = call;
      if (call.options['json'] === true) output.lines([jsonText({ differences, effects, conflicts })]);
      else output.lines(isEmpty ? ['nothing differs'] : planLines(text, output.style));
    }),
    map(({ isEmpty }) => (isEmpty ? ExitCode.Success : ExitCode.Different)),
  );
