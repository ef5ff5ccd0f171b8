import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { FamilySchema } from '../../lib/schema/descriptor/descriptor.js';
import { findProgram } from '../support/command.js';
import { PackageUnavailableError } from '../support/debian/package-lists.js';
import { RELEASES, releaseOf } from '../support/debian/releases.js';
import { leaveReport, skipped, type Report } from '../support/report.js';
import { compareWithPolicies, type PolicyComparison } from './compare-policy.js';
import { compareWithHeaders, type Comparison, type Difference } from './compare.js';
import { DIFFERENCES } from './exceptions/differences.js';
import { exceptionFor, exceptionsOf, type Exception } from './exceptions/exception.js';
import { POLICIES } from './exceptions/policies.js';
import { UNNAMED } from './exceptions/unnamed.js';
import { FAMILIES } from './families.js';
import { headersVersion, useHeaders } from './headers.js';
import { kernelFamily } from './kernel-policy.js';
import { kernelEnumerators } from './kernel-types.js';
import { lackingAttributes, type Lacking } from './lacking.js';
import { NAMES } from './names/index.js';

/*
 * npm run check:specs [-- family ...] [--headers 7.x] [--verbose]
 *
 * Compares the generated descriptors with the kernel's headers, and generic families with the policies of the running kernel. It fails for a
 * difference without an exception, for a name that the headers lack without a reason, and for an unused exception. It counts attributes that
 * the headers have and a descriptor lacks, and lists them with --verbose: the library decodes them as unknown attributes. --headers downloads the
 * headers of another release of Debian and compares with these.
 */
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** The headers of other releases. */
const HEADERS = join(PROJECT, '.cache/headers');
const REPORT = process.env['RXNETLINK_REPORT'] ?? join(PROJECT, '.cache/reports/check-specs.json');

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { headers: { type: 'string' }, verbose: { type: 'boolean', default: false } },
});
const { verbose } = values;

/** The exceptions that apply to the headers, and those that were needed. */
interface Accepted {
  readonly differences: readonly Exception[];
  readonly unnamed: readonly Exception[];
  readonly used: Set<Exception>;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const suite = values.headers === undefined ? undefined : releaseOf(values.headers);
  if (findProgram('gcc') === undefined || (suite === undefined && !existsSync('/usr/include/linux/netlink.h')))
    return skip('gcc or the headers of the kernel (linux-libc-dev) are not installed', ['gcc']);
  if (values.headers !== undefined && suite === undefined) {
    process.stdout.write(
      `rxnetlink: check:specs: unknown --headers '${values.headers}'; expected ${Object.keys(RELEASES).join(', ')}, or 7.x\n`,
    );
    return 2;
  }
  try {
    if (suite !== undefined) useHeaders(HEADERS, suite);
  } catch (error) {
    if (error instanceof PackageUnavailableError) return skip(`no headers: ${error.message}`);
    throw error;
  }
  const report = await check(headersVersion());
  leaveReport(report, REPORT);
  return report.failed > 0 ? 1 : 0;
}

function skip(reason: string, programs: readonly string[] = []): number {
  leaveReport(skipped('check:specs', reason, programs), REPORT);
  return 0;
}

async function check(headers: string): Promise<Report> {
  const kernel = kernelEnumerators();
  const accepted: Accepted = { differences: exceptionsOf(DIFFERENCES, headers), unnamed: exceptionsOf(UNNAMED, headers), used: new Set() };
  const families = FAMILIES.filter(({ source }) => wanted.length === 0 || wanted.includes(source));
  const comparisons = families.map((schema) => compareWithHeaders(schema, namesOf(schema.source), kernel));
  const failures = comparisons.flatMap((comparison) => judge(comparison, accepted));
  if (wanted.length === 0) failures.push(...stale(accepted));
  const lacking = families.map((schema) => lackingAttributes(schema, namesOf(schema.source)));
  comparisons.forEach((comparison, index) => {
    print(comparison, lacking[index]!, accepted);
  });
  const policies = await comparePolicies(families);
  const undescribed = lacking.flat().length;
  process.stdout.write(`compared with the headers of Linux ${headers}\n`);
  if (undescribed > 0)
    process.stdout.write(`${undescribed} attributes of the headers are not described${verbose ? '' : ': --verbose lists them'}\n`);
  failures.push(...policies.flatMap(judgePolicies));
  const checked = [...comparisons, ...policies].map(({ family }) => family);
  const good = checked.filter((family) => !failures.some(({ title }) => title.startsWith(`${family} `))).length;
  return { passed: good, failed: failures.length, skipped: 0, failures, skips: [] };
}

/** Compares the generic families of the running kernel. */
async function comparePolicies(families: readonly FamilySchema[]): Promise<PolicyComparison[]> {
  const found: PolicyComparison[] = [];
  for (const schema of families.filter(({ generic }) => generic !== undefined)) {
    const kernel = await kernelFamily(schema.name);
    if (kernel === undefined) continue;
    const comparison = compareWithPolicies(schema, kernel);
    found.push(comparison);
    const { family, operations, compared, differences } = comparison;
    process.stdout.write(
      `${family.padEnd(14)} ${operations} policies of the running kernel, ${compared} attributes, ${differences.length} differ\n`,
    );
  }
  return found;
}

function judgePolicies({ family, differences }: PolicyComparison): Report['failures'] {
  return differences.filter(({ subject }) => exceptionFor(POLICIES, family, subject) === undefined).map(differenceFailure);
}

function namesOf(source: string): (typeof NAMES)[string] {
  const names = NAMES[source];
  if (names === undefined) throw new Error(`check:specs: no names for a family (${source}); add scripts/check-specs/names/${source}.ts`);
  return names;
}

/** Returns the failures of a family, and records the exceptions that it used. */
function judge({ family, differences, unnamed }: Comparison, accepted: Accepted): Report['failures'] {
  const wrong = differences.filter(({ subject }) => !excused(accepted.differences, family, subject, accepted.used)).map(differenceFailure);
  const nameless = unnamed
    .filter(({ subject }) => !excused(accepted.unnamed, family, subject, accepted.used))
    .map(({ subject, expression }) => ({ title: `${family} ${subject} has a name in the headers`, error: `there is no ${expression}` }));
  return [...wrong, ...nameless];
}

function excused(list: readonly Exception[], family: string, subject: string, used: Set<Exception>): boolean {
  const exception = exceptionFor(list, family, subject);
  if (exception !== undefined) used.add(exception);
  return exception !== undefined;
}

function differenceFailure({ family, subject, described, found }: Difference): Report['failures'][number] {
  return { title: `${family} ${subject} has the number of the kernel`, error: `described as ${described}, found ${found}` };
}

function stale({ differences, used }: Accepted): Report['failures'] {
  return differences
    .filter((exception) => !used.has(exception))
    .map(({ family, subject }) => ({
      title: `exceptions: ${family} ${subject} is still needed`,
      error: 'the difference no longer occurs; remove the exception',
    }));
}

function print(
  { family, compared, comparedWithKernel, differences, unnamed }: Comparison,
  lacking: readonly Lacking[],
  accepted: Accepted,
): void {
  const figures = [
    `${compared} with the headers`,
    `${comparedWithKernel} with the kernel's types`,
    `${differences.length} differ`,
    `${unnamed.length} without a name`,
    `${lacking.length} not described`,
  ];
  process.stdout.write(`${family.padEnd(14)} ${figures.join(', ')}\n`);
  if (!verbose) return;
  for (const { subject, described, found } of differences) {
    process.stdout.write(
      `  differs: ${subject}: ${described}, ${found}: ${exceptionFor(accepted.differences, family, subject)?.reason ?? 'WITHOUT A REASON'}\n`,
    );
  }
  for (const { subject, expression } of unnamed) {
    process.stdout.write(
      `  no name: ${subject}: ${expression}: ${exceptionFor(accepted.unnamed, family, subject)?.reason ?? 'WITHOUT A REASON'}\n`,
    );
  }
  for (const { sets, enumerator, value } of lacking) {
    process.stdout.write(`  not described: ${enumerator} (${value}) of ${sets.join(', ')}\n`);
  }
}
