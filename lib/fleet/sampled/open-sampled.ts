import type { Observable } from 'rxjs';
import type { LiveChange } from '../../live/index.js';
import type { ReaderOptions, SampledReader } from './readers/reader.js';
import { sample, type UnreadTable } from './sample.js';
import type { SampledRows, SampledTableName } from './sampled-rows.js';

type ReaderModule<Name extends SampledTableName> = { readonly open: (options: ReaderOptions) => SampledReader<SampledRows[Name]> };

/** The reader of each sampled table. An agent loads those of its tables only. */
const READERS: { readonly [Name in SampledTableName]: () => Promise<ReaderModule<Name>> } = {
  'link-counters': () => import('./readers/link-counters.js'),
  sockets: () => import('./readers/sockets.js'),
  'conntrack-statistics': () => import('./readers/conntrack-statistics.js'),
  'firewall-counters': () => import('./readers/firewall-counters.js'),
};

/** A sampled table that is open. @internal */
export interface OpenSampledTable {
  readonly changes: Observable<LiveChange<object> | UnreadTable>;
  readonly keyOf: (row: object) => string;
  readonly close: () => void;
}

/**
 * Opens a sampled table: nothing is sent to the kernel before `changes` is subscribed to.
 *
 * @param interval - Milliseconds between two readings.
 * @internal
 */
export async function openSampled(name: SampledTableName, options: ReaderOptions, interval: number): Promise<OpenSampledTable> {
  const { open } = (await READERS[name]()) as { readonly open: (options: ReaderOptions) => SampledReader<object> };
  const { read, keyOf, close } = open(options);
  return { changes: sample(read, keyOf, interval), keyOf, close };
}
