import type { Observable } from 'rxjs';
import type { MetricFamily } from '../text/metric-family.js';

/** A source of metrics. */
export interface Collector {
  readonly name: string;
  /** Emits the metrics once. */
  readonly read: Observable<readonly MetricFamily[]>;
}

/** The result of a collector in one scrape. */
export interface Outcome {
  readonly collector: string;
  readonly families: readonly MetricFamily[];
  readonly seconds: number;
  /** The reason why there are no metrics; absent if it succeeded. */
  readonly error?: string;
}
