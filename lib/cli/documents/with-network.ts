import { finalize, type Observable } from 'rxjs';
import { network, type Network } from '../../network/index.js';
import type { Call } from '../command.js';

/** Runs a verb on the namespace that the options name. */
export function withNetwork<T>({ options }: Call, verb: (net: Network) => Observable<T>): Observable<T> {
  const netns = options['netns'] as string | undefined;
  const net = network(netns === undefined ? {} : { netns });
  return verb(net).pipe(
    finalize(() => {
      net.close();
    }),
  );
}
