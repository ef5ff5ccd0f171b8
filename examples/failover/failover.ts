/*
 * Keeps the default route of a host with two uplinks on the one that works, until SIGTERM or Ctrl-C. Needs CAP_NET_ADMIN.
 *
 *   node failover.js failover.json
 */
import { finalize, lastValueFrom } from 'rxjs';
import { network, type Network } from 'rxnetlink/network';
import { readConfig, type Config } from './config.js';
import { emptyDocument } from './document.js';
import { keepDefaultRoute } from './keep-default-route.js';

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Deletes the routes and rules of the program, and nothing else. */
async function cleanUp(net: Network, config: Config): Promise<void> {
  const applied = await lastValueFrom(net.apply(emptyDocument(config), { onFailure: 'continue' }), { defaultValue: undefined });
  const left = applied?.left ?? [];
  for (const { text, error } of left) console.error(`${text}: ${error?.message ?? 'not written'}`);
  if (left.length > 0) process.exitCode = 1;
  else console.log('the routes and rules are deleted');
}

function run(config: Config): void {
  const net = network();
  let isStopping = false;
  const running = keepDefaultRoute(net, config)
    .pipe(
      finalize(() => {
        // After an error, the present route is better than none: the service manager starts the program again.
        if (!isStopping) net.close();
      }),
    )
    .subscribe({ next: (line) => console.log(line), error: fail });
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    running.unsubscribe();
    cleanUp(net, config)
      .catch(fail)
      .finally(() => net.close());
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

const [path] = process.argv.slice(2);
try {
  if (path === undefined) throw new Error('usage: failover CONFIG.json');
  run(readConfig(path));
} catch (error) {
  fail(error);
}
