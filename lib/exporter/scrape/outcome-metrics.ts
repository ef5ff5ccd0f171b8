import { familiesOf, labelText, type Labelled, type MetricDefinition, type MetricFamily } from '../text/metric-family.js';
import type { Outcome } from './collector.js';

interface CountedOutcome extends Labelled {
  readonly isSuccess: boolean;
  readonly seconds: number;
  readonly errors: number;
}

const DEFINITIONS: readonly MetricDefinition<CountedOutcome>[] = [
  {
    name: 'rxnetlink_scrape_collector_success',
    type: 'gauge',
    help: '1 if the collector succeeded in this scrape, otherwise 0.',
    value: ({ isSuccess }) => Number(isSuccess),
  },
  {
    name: 'rxnetlink_scrape_collector_duration_seconds',
    type: 'gauge',
    help: 'The time that the collector needed in this scrape.',
    value: ({ seconds }) => seconds,
  },
  {
    name: 'rxnetlink_scrape_collector_errors_total',
    type: 'counter',
    help: 'How often the collector has failed since the exporter started.',
    value: ({ errors }) => errors,
  },
];

/** Returns a function that returns the metrics about the outcomes of a scrape, and counts the failures of all scrapes. */
export function outcomeMetrics(): (outcomes: readonly Outcome[]) => readonly MetricFamily[] {
  const errors = new Map<string, number>();
  return (outcomes) => {
    const counted = outcomes.map(({ collector, seconds, error }): CountedOutcome => {
      const isSuccess = error === undefined;
      const count = (errors.get(collector) ?? 0) + Number(!isSuccess);
      errors.set(collector, count);
      return { labels: labelText({ collector }), isSuccess, seconds, errors: count };
    });
    return familiesOf(DEFINITIONS, counted);
  };
}
