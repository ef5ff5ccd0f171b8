import type { Observable } from 'rxjs';
import type { TableHead } from '../protocol.js';
import type { RowsChange } from './object-keys.js';

/** A table, and how its rows are read. */
export interface TableSource {
  readonly head: TableHead;
  /** Reads the rows and follows them. It is subscribed to while a page is open, and again after an error. */
  readonly changes: Observable<RowsChange>;
}
