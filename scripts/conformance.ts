// `npm run check:vectors -- <folder>`: runs test vectors through the public API. A case passes, or
// spec/conformance/excuses.ts lists it with its tag and a reason. The run fails for a case that fails without an excuse, and for an
// excuse that no case needs.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ADAPTERS } from '../spec/conformance/adapters.js';
import { EXCUSES } from '../spec/conformance/excuses.js';
import type { Vector } from '../spec/conformance/vector.js';

interface Row {
  readonly file: string;
  cases: number;
  passed: number;
  excused: number;
  failed: number;
}

const began = performance.now();
const folder = process.argv[2] ?? process.env['RXNETLINK_VECTORS'];
if (folder === undefined) {
  process.stderr.write('usage: npm run check:vectors -- <folder of vectors>\n');
  process.exit(2);
}

const failures: { title: string; error: string }[] = [];
const excused = new Map<string, string[]>();
const met = new Set<string>();

const rows: Row[] = [];
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) rows.push(await runFile(file));
for (const id of Object.keys(EXCUSES)) if (!met.has(id)) fail(rows[0], id, 'is excused, but there is no such case');
if (rows.length === 0) fail(undefined, folder, 'contains no vectors');
report();

async function runFile(file: string): Promise<Row> {
  const row: Row = { file, cases: 0, passed: 0, excused: 0, failed: 0 };
  const { meta, cases } = JSON.parse(readFileSync(join(folder!, file), 'utf8')) as { meta: { count: number }; cases: Vector[] };
  const check = ADAPTERS[file];
  if (check === undefined) fail(row, file, 'has no adapter');
  if (meta.count !== cases.length) fail(row, file, `has ${cases.length} cases; its meta.count is ${meta.count}`);
  for (const vector of check === undefined ? [] : cases) {
    const { id, tags = [] } = vector;
    if (met.has(id)) fail(row, id, 'is listed twice');
    met.add(id);
    row.cases += 1;
    const error = await attempt(() => check!(vector));
    const excuse = EXCUSES[id];
    if (error === undefined && excuse === undefined) row.passed += 1;
    else if (error === undefined) fail(row, id, 'passes; remove its excuse');
    else if (excuse === undefined) fail(row, id, `${error}${tags.length === 0 ? '' : ` [${tags.join(', ')}]`}`);
    else if (excuse.tag !== undefined && !tags.includes(excuse.tag))
      fail(row, id, `is excused by the tag '${excuse.tag}'; its tags are ${tags.join(', ') || 'none'}`);
    else {
      row.excused += 1;
      const key = `${excuse.tag === undefined ? 'no tag' : excuse.tag}: ${excuse.reason}`;
      excused.set(key, [...(excused.get(key) ?? []), id]);
    }
  }
  return row;
}

async function attempt(check: () => void | Promise<void>): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

function fail(row: Row | undefined, title: string, error: string): void {
  if (row !== undefined) row.failed += 1;
  failures.push({ title, error });
}

function report(): void {
  const lines: string[] = [];
  for (const [reason, ids] of excused) lines.push(`excused, ${reason}`, ...ids.map((id) => `    ${id}`));
  for (const { title, error } of failures) lines.push(`FAILED ${title}: ${error}`);
  const total: Row = { file: 'all', cases: 0, passed: 0, excused: 0, failed: 0 };
  for (const row of rows) for (const key of ['cases', 'passed', 'excused', 'failed'] as const) total[key] += row[key];
  lines.push('', `${'file'.padEnd(18)}${['cases', 'passed', 'excused', 'failed'].map((title) => title.padStart(9)).join('')}`);
  for (const { file, ...counts } of [...rows, total]) {
    lines.push(
      `${file.padEnd(18)}${Object.values(counts)
        .map((count) => String(count).padStart(9))
        .join('')}`,
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
  const target = process.env['RXNETLINK_REPORT'];
  if (target !== undefined && target !== '') {
    mkdirSync(dirname(target), { recursive: true });
    const figures = { passed: total.passed, failed: failures.length, skipped: total.excused, duration: performance.now() - began };
    writeFileSync(target, `${JSON.stringify({ ...figures, failures, skips: [...excused.keys()] }, null, 2)}\n`);
  }
  process.exitCode = failures.length === 0 ? 0 : 1;
}
