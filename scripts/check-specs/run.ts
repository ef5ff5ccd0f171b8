import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { FamilySchema } from '../../lib/schema/descriptor/descriptor.js';
import { findProgram } from '../support/command.js';
import { leaveReport, skipped, type Report } from '../support/report.js';
import { compareWithPolicies, type PolicyComparison } from './compare-policy.js';
import { compareWithHeaders, type Comparison, type Difference } from './compare.js';
import { DIFFERENCES, POLICIES, UNNAMED, exceptionFor, type Exception } from './exceptions.js';
import { FAMILIES, unlistedFamilies } from './families.js';
import { kernelFamily } from './kernel-policy.js';
import { kernelEnumerators } from './kernel-types.js';
import { lackingAttributes, type Lacking } from './lacking.js';
import { NAMES } from './names/index.js';

/*
 * npm run check:specs [-- family ...] [--verbose]
 *
 * Holds the generated descriptors against the kernel's headers, and generic families against the policies of the running
 * kernel. Fails at every difference that is no named exception, at every name that the headers lack without a reason being
 * given, and at exceptions that nothing needs any more. Attributes that the headers have and a descriptor lacks are counted, and listed
 * with --verbose: they are read as unknown, which is no failure.
 */
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const REPORT = process.env['RXNETLINK_REPORT'] ?? join(PROJECT, '.cache/reports/check-specs.json');

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const verbose = process.argv.includes('--verbose');

if (findProgram('gcc') === undefined || !existsSync('/usr/include/linux/netlink.h')) {
  leaveReport(skipped('check:specs', 'gcc or the headers of the kernel (linux-libc-dev) are not installed', ['gcc']), REPORT);
} else {
  const report = await check();
  leaveReport(report, REPORT);
  if (report.failed > 0) process.exitCode = 1;
}

async function check(): Promise<Report> {
  const kernel = kernelEnumerators();
  const families = FAMILIES.filter(({ source }) => wanted.length === 0 || wanted.includes(source));
  const comparisons = families.map((schema) => compareWithHeaders(schema, namesOf(schema.source), kernel));
  const used = new Set<Exception>();
  const failures = comparisons.flatMap((comparison) => judge(comparison, used));
  if (wanted.length === 0) failures.push(...stale(used), ...unlisted());
  const lacking = families.map((schema) => lackingAttributes(schema, namesOf(schema.source)));
  comparisons.forEach((comparison, index) => {
    print(comparison, lacking[index]!);
  });
  const policies = await comparePolicies(families);
  const undescribed = lacking.flat().length;
  if (undescribed > 0)
    process.stdout.write(`${undescribed} attributes of the headers are not described${verbose ? '' : ': --verbose lists them'}\n`);
  failures.push(...policies.flatMap(judgePolicies));
  const checked = [...comparisons, ...policies].map(({ family }) => family);
  const good = checked.filter((family) => !failures.some(({ title }) => title.startsWith(`${family} `))).length;
  return { passed: good, failed: failures.length, skipped: 0, failures, skips: [] };
}

/** Generic families that the running kernel has. */
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

function unlisted(): Report['failures'] {
  return unlistedFamilies().map((name) => ({
    title: `families: ${name} is checked`,
    error: 'scripts/check-specs/families.ts does not list it',
  }));
}

function namesOf(source: string): (typeof NAMES)[string] {
  const names = NAMES[source];
  if (names === undefined) throw new Error(`scripts/check-specs/names has nothing about ${source}`);
  return names;
}

/** What is wrong with a family; notes which exceptions it needed. */
function judge({ family, differences, unnamed }: Comparison, used: Set<Exception>): Report['failures'] {
  const wrong = differences.filter(({ subject }) => !excused(DIFFERENCES, family, subject, used)).map(differenceFailure);
  const nameless = unnamed
    .filter(({ subject }) => !excused(UNNAMED, family, subject, used))
    .map(({ subject, expression }) => ({ title: `${family} ${subject} has a name in the headers`, error: `there is no ${expression}` }));
  return [...wrong, ...nameless];
}

function excused(list: readonly Exception[], family: string, subject: string, used: Set<Exception>): boolean {
  const exception = exceptionFor(list, family, subject);
  if (exception !== undefined) used.add(exception);
  return exception !== undefined;
}

function differenceFailure({ family, subject, described, found }: Difference): Report['failures'][number] {
  return { title: `${family} ${subject} is what the kernel says`, error: `described as ${described}, found ${found}` };
}

function stale(used: ReadonlySet<Exception>): Report['failures'] {
  return DIFFERENCES.filter((exception) => !used.has(exception)).map(({ family, subject }) => ({
    title: `exceptions: ${family} ${subject} is still needed`,
    error: 'nothing differs there any more',
  }));
}

function print({ family, compared, comparedWithKernel, differences, unnamed }: Comparison, lacking: readonly Lacking[]): void {
  const figures = [
    `${compared} with the headers`,
    `${comparedWithKernel} with the kernel's types`,
    `${differences.length} differ`,
    `${unnamed.length} could not be named`,
    `${lacking.length} not described`,
  ];
  process.stdout.write(`${family.padEnd(14)} ${figures.join(', ')}\n`);
  if (!verbose) return;
  for (const { subject, described, found } of differences) {
    process.stdout.write(
      `  differs: ${subject}: ${described}, ${found}: ${exceptionFor(DIFFERENCES, family, subject)?.reason ?? 'WITHOUT A REASON'}\n`,
    );
  }
  for (const { subject, expression } of unnamed) {
    process.stdout.write(`  no name: ${subject}: ${expression}: ${exceptionFor(UNNAMED, family, subject)?.reason ?? 'WITHOUT A REASON'}\n`);
  }
  for (const { sets, enumerator, value } of lacking) {
    process.stdout.write(`  not described: ${enumerator} (${value}) of ${sets.join(', ')}\n`);
  }
}
