import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digits, grouped, ratioText, spread } from './support/figures.js';
import { plot } from './growth/plot.js';
import { command } from './support/place.js';
import type { Check, Growth, Report, Result, Series } from './support/result.js';

const docs = join(import.meta.dirname, '../docs');
const page = join(docs, 'benchmark.md');

/** The checks of an earlier run, by {@link nameOf}. */
type Earlier = ReadonlyMap<string, Check> | undefined;

/**
 * Writes the figures between the markers of docs/benchmark.md, and the plots into docs/benchmark/.
 *
 * @param before - An earlier run: a bound holds if it holds in both.
 */
export function writeDocs({ machine, results, growth }: Report, before?: Report): void {
  const earlier =
    before && new Map([...before.results, ...before.growth].flatMap(({ checks }) => checks.map((check) => [nameOf(check), check])));
  mkdirSync(join(docs, 'benchmark'), { recursive: true });
  let text = readFileSync(page, 'utf8');
  if (results.length > 0) {
    text = between(text, 'machine', table(['', ''], Object.entries({ ...machine, ...loadsOf(before) })));
    text = between(text, 'bounds', boundsTable(results, earlier));
    text = between(text, 'figures', results.map(figuresTable).join('\n\n'));
  }
  if (growth.length > 0) {
    text = between(text, 'growth', growth.map(growthSection).join('\n\n'));
    const rows = growth.flatMap((grown) => checkRows(grown, earlier));
    text = between(text, 'growth bounds', table(boundsHead(earlier), rows));
  }
  writeFileSync(page, text);
  for (const grown of growth) writeFileSync(join(docs, plotFile(grown)), plot(grown));
  command('npx', 'prettier', '--write', '--log-level', 'warn', page);
}

function nameOf({ what, bound }: Check): string {
  return `${what} ${bound}`;
}

function loadsOf(before: Report | undefined): Readonly<Record<string, string>> {
  return before === undefined
    ? {}
    : { 'load of the earlier run': before.machine['load'] ?? '', 'load at its end': before.machine['load at its end'] ?? '' };
}

function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`docs/benchmark.md: the markers ${begin} and ${end} are missing; add them where the figures belong`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * Returns every bound with its figure, with that of the JavaScript that does only the work of the row, and with the figures of the peers for
 * the same work.
 */
function boundsTable(results: readonly Result[], earlier: Earlier): string {
  const others = ({ series }: Result): string =>
    series
      .flatMap(({ role, name, ratio, to }) =>
        role === 'peer' && ratio !== undefined && to === undefined ? [`${name} ${digits(ratio.median)} x`] : [],
      )
      .join(', ');
  const least = ({ name }: Result): string => {
    const floor = results.find((result) => result.name === `floor-${name}`);
    const ratio = floor?.series.find(({ role }) => role === 'library')?.ratio;
    return ratio === undefined ? '' : `${digits(ratio.median)} x`;
  };
  return table(
    [...boundsHead(earlier), 'The least JavaScript', 'For scale, the same work'],
    results.flatMap((result) =>
      checkRows(result, earlier).map((row, index) => [...row, ...(index === 0 ? [least(result), others(result)] : ['', ''])]),
    ),
  );
}

function boundsHead(earlier: Earlier): string[] {
  return ['Work', 'Bound', 'rxnetlink', ...(earlier === undefined ? [] : ['an earlier run']), ''];
}

function checkRows({ checks }: Result | Growth, earlier: Earlier): string[][] {
  return checks.map((check) => {
    const before = earlier?.get(nameOf(check));
    const holds = check.holds && before?.holds !== false;
    return [
      check.what,
      check.bound,
      check.figure,
      ...(earlier === undefined ? [] : [before?.figure ?? '']),
      holds ? 'holds' : '**does not hold**',
    ];
  });
}

function figuresTable({ title, unit, series, missing }: Result): string {
  const cells = ({ name, figures, ratio, to, role, note }: Series): string[] => [
    role === 'library' ? `**${name}**` : name,
    `${digits(figures.median)} ${unit}`,
    spread(figures),
    ratioText(ratio, to),
    note ?? '',
  ];
  const remarks = series.some(({ note }) => note !== undefined);
  const width = remarks ? 5 : 4;
  const head = [upper(title), 'median', 'spread', 'ratio', ''].slice(0, width);
  const lines = table(
    head,
    series.map((one) => cells(one).slice(0, width)),
  );
  return [lines, ...missing].join('\n\n');
}

function growthSection(grown: Growth): string {
  const { title, size, unit, sizes, curves } = grown;
  const head = [`${size}, ${unit}`, ...sizes.map(grouped), 'power'];
  const lines = curves.map(({ name, values, exponent }) => [name, ...values.map(digits), exponent.toFixed(2)]);
  return `**${upper(title)}**\n\n${table(head, lines)}\n\n![${upper(title)}](${plotFile(grown)})`;
}

function plotFile({ name }: Growth): string {
  return `benchmark/${name.replace('growth-', '')}.svg`;
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
