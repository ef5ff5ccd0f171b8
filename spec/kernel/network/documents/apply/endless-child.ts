import { lastValueFrom } from 'rxjs';
import { network } from '../../../../../lib/network/network.js';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';

// Applies two documents in turn, without end, in each namespace of its arguments.
const [documents, ...paths] = process.argv.slice(2) as [string, ...string[]];
const parsed = JSON.parse(documents) as readonly NetworkDocument[];

async function apply(path: string): Promise<never> {
  const net = network({ netns: path });
  for (;;) for (const document of parsed) await lastValueFrom(net.apply(document));
}

process.stdout.write('begun\n');
await Promise.all(paths.map(apply));
