/** The value of a series. Counters of the kernel are bigints, which the text has with all their digits. */
export type MetricValue = number | bigint;

/** A series: its labels, made by {@link labelText}, and its value. */
export type Sample = readonly [labels: string, value: MetricValue];

/** The series of one name. */
export interface MetricFamily {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** A metric as data: its name, and the value of a row. A row without this value has no series. */
export interface MetricDefinition<Row> extends Omit<MetricFamily, 'samples'> {
  readonly value: (row: Row) => MetricValue | undefined;
}

/** An object whose labels are written once, and shared by all of its series. */
export interface Labelled {
  readonly labels: string;
}

/** The characters of label values that the text format escapes. */
const SPECIAL = /[\\"\n]/g;

/** Returns the labels of a series as the text format has them: `{device="lo"}`; an empty text for no labels. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escaped(value: string): string {
  return value.replace(SPECIAL, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

/** Returns one family for each definition, with a series for each row that has the value. */
export function familiesOf<Row extends Labelled>(definitions: readonly MetricDefinition<Row>[], rows: readonly Row[]): MetricFamily[] {
  return definitions.map(({ value, ...family }) => {
    const samples: Sample[] = [];
    for (const row of rows) {
      const found = value(row);
      if (found !== undefined) samples.push([row.labels, found]);
    }
    return { ...family, samples };
  });
}
