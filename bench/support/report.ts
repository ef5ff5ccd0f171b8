import { digits, grouped, ratioText, spread } from './figures.js';
import type { Check, Growth, Report, Result } from './result.js';

/** Prints the machine. */
export function printMachine(machine: Report['machine']): void {
  for (const [key, value] of Object.entries(machine)) console.log(`${key.padEnd(20)} ${value}`);
}

/** Prints one row of the table: median and spread of each contender, ratio last. */
export function printResult({ title, unit, series, missing }: Result): void {
  console.log(`\n${title}`);
  for (const { name, figures, ratio, to, note } of series) {
    const times = `${digits(figures.median).padStart(8)} ${unit}  (${spread(figures)}, ${figures.runs} runs)`;
    const last = [ratioText(ratio, to), note ?? ''].filter((text) => text !== '').join(', ');
    console.log(`  ${name.padEnd(60)} ${times.padEnd(40)} ${last}`.trimEnd());
  }
  for (const line of missing) console.log(`  ${line}`);
}

/** Prints the growth of work. */
export function printGrowth({ title, size, unit, sizes, curves, failed = false }: Growth): void {
  console.log(failed ? `\n${title}` : `\n${title}, ${unit}`);
  if (failed) return;
  console.log(`  ${size.padEnd(40)} ${sizes.map((one) => grouped(one).padStart(10)).join('')}   power`);
  for (const { name, values, exponent } of curves) {
    console.log(`  ${name.padEnd(40)} ${values.map((value) => digits(value).padStart(10)).join('')}   ${exponent.toFixed(2)}`);
  }
}

/** Prints every bound with its figure, and whether it holds. */
export function printChecks(checks: readonly Check[]): void {
  if (checks.length === 0) return;
  const width = (column: 'what' | 'bound' | 'figure'): number => Math.max(...checks.map((check) => check[column].length));
  const [first, second, third] = [width('what'), width('bound'), width('figure')];
  console.log('\nbounds');
  for (const { what, bound, figure, holds } of checks) {
    console.log(`  ${what.padEnd(first)}  ${bound.padEnd(second)}  ${figure.padEnd(third)}  ${holds ? 'holds' : 'DOES NOT HOLD'}`);
  }
  const failed = checks.filter(({ holds }) => !holds).length;
  console.log(failed === 0 ? `\nall ${checks.length} hold` : `\n${failed} of ${checks.length} do not hold`);
}
