import { ignoreElements, tap } from 'rxjs';
import type { ExportTable } from '../../network/index.js';
import type { Action } from '../command.js';
import { withNetwork } from './with-network.js';

/** `rxnetlink export`: a document of what is there, as JSON for an editor. */
export const action: Action = (call) => {
  const only = call.options['only'] as string | undefined;
  const options = only === undefined ? {} : { only: only.split(',') as ExportTable[] };
  return withNetwork(call, (net) => net.export(options)).pipe(
    tap((document) => {
      call.output.lines([JSON.stringify(document, undefined, 2)]);
    }),
    ignoreElements(),
  );
};
