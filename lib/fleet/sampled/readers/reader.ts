import type { Observable } from 'rxjs';
import type { NetlinkSocketOptions } from '../../../socket/index.js';

/** The options of the client of a reader. @internal */
export type ReaderOptions = Pick<NetlinkSocketOptions, 'netns' | 'transport'>;

/** The reading of a sampled table. @internal */
export interface SampledReader<Row extends object> {
  /** Emits all rows once. A socket is open only while it reads. */
  readonly read: Observable<readonly Row[]>;
  readonly keyOf: (row: Row) => string;
  readonly close: () => void;
}
