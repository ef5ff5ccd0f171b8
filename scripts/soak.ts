/*
 * `npm run soak -- --seconds 60`: changes the network at random as fast as possible, overflows receive queues, and compares the live
 * collections with `ip -j` whenever the writer pauses. Then it compares a view of `network()` with `ip -j addr` for as long, while 400 links come
 * and go; `--view` does only this, `--only KINDS` only the first part. The exit code is 1 if something differs.
 */
import { parseArgs } from 'node:util';
import { SOAK_KINDS } from '../spec/kernel/live/soak-writer.js';
import { soak } from '../spec/kernel/live/soak.js';
import { churnView } from '../spec/kernel/network/live/view-churn.js';
import { createNamespace, type Namespace } from '../spec/support/namespace.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    buffer: { type: 'string', default: '32768' },
    burst: { type: 'string', default: '4000' },
    view: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});

/** Churns links beneath a view; returns true if the view was right. */
async function soakView(namespace: Namespace): Promise<boolean> {
  const { differences, early, ...figures } = await churnView(namespace, { links: 400, seconds: Number(values.seconds) });
  for (const [name, count] of Object.entries(figures)) console.log(name.padEnd(20), count);
  for (const difference of [...differences, ...early.map((key) => `emitted without its link: ${key}`)]) console.log(difference);
  console.log(`differences found: ${String(differences.length + early.length + figures.twice)}`);
  return differences.length + early.length + figures.twice === 0;
}

/** Compares live collections; returns true if they were right. */
async function soakCollections(namespace: Namespace): Promise<boolean> {
  console.log(`seed ${values.seed}`);
  const { differences, objects, ...figures } = await soak(namespace, {
    seconds: Number(values.seconds),
    seed: Number(values.seed),
    receiveBufferSize: Number(values.buffer),
    burst: Number(values.burst),
    kinds: SOAK_KINDS.filter((kind) => (values.only ?? SOAK_KINDS.join()).split(',').includes(kind)),
    log: (line) => {
      console.log(line);
    },
  });
  console.log(
    `held at the end: ${Object.entries(objects)
      .map(([name, count]) => `${String(count)} ${name}`)
      .join(', ')}`,
  );
  console.log(`changes requested   ${String(figures.changes)}`);
  console.log(`events seen         ${String(figures.events)}`);
  console.log(`overruns recovered  ${String(figures.overruns)} (${String(figures.lost)} datagrams lost)`);
  console.log(`snapshots read      ${String(figures.readings)}`);
  console.log(`quiet points        ${String(figures.quietPoints)}`);
  for (const difference of differences) console.log(difference);
  console.log(`differences found: ${String(differences.length)}`);
  return differences.length === 0;
}

/** Runs a part in a namespace of its own. */
async function within(part: (namespace: Namespace) => Promise<boolean>): Promise<boolean> {
  const namespace = createNamespace();
  try {
    return await part(namespace);
  } finally {
    namespace.delete();
  }
}

const collections = values.view || (await within(soakCollections));
const view = (!values.view && values.only !== undefined) || (await within(soakView));
process.exit(collections && view ? 0 : 1);
