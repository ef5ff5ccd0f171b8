import { lastValueFrom } from 'rxjs';
import { network } from '../../../../../lib/network/network.js';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { refusingTransport } from './refusing.js';

// Applies two documents in turn, without end, in each namespace of its arguments. It kills itself when it has sent some datagrams
// with writes of the second document in the first namespace.
const [documents, moment, ...paths] = process.argv.slice(2) as [string, string, ...string[]];
const [first, second] = JSON.parse(documents) as readonly [NetworkDocument, NetworkDocument];

async function apply(path: string, index: number): Promise<never> {
  const kernel = refusingTransport();
  const net = network({ netns: path, transport: kernel.transport });
  for (;;) {
    await lastValueFrom(net.apply(first));
    let left = Number(moment);
    if (index === 0)
      kernel.onWrite = () => {
        if (left-- === 0) process.kill(process.pid, 'SIGKILL');
      };
    await lastValueFrom(net.apply(second));
  }
}

await Promise.all(paths.map(apply));
