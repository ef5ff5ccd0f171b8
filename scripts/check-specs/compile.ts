import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The values of C expressions under some headers; undefined where the compiler does not know a name in it. */
export function evaluate(headers: readonly string[], expressions: readonly string[]): (bigint | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-headers-'));
  try {
    const program = join(folder, 'values');
    const known = compileKnown(headers, expressions, program);
    const lines = run(program, []).stdout.split('\n');
    const values = new Map([...known].map((index, line) => [index, BigInt(lines[line]!)]));
    return expressions.map((_, index) => values.get(index));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles, leaves out what the compiler complains about, and compiles again until it is content. */
function compileKnown(headers: readonly string[], expressions: readonly string[], program: string): Set<number> {
  const known = new Set(expressions.keys());
  for (;;) {
    const { source, firstLine } = sourceOf(headers, expressions, known);
    const { status, stderr } = run('gcc', ['-w', '-fmax-errors=0', '-x', 'c', '-', '-o', program], source);
    if (status === 0) return known;
    const faulty = [...stderr.matchAll(/^<stdin>:(\d+):\d+: error:/gm)].map(([, line]) => [...known][Number(line) - firstLine]);
    for (const index of faulty) if (index !== undefined) known.delete(index);
    if (faulty.length === 0 || faulty.includes(undefined)) throw new Error(`the headers do not compile:\n${stderr}`);
  }
}

function sourceOf(
  headers: readonly string[],
  expressions: readonly string[],
  known: ReadonlySet<number>,
): { source: string; firstLine: number } {
  const head = [
    '#include <stddef.h>',
    '#include <stdio.h>',
    '#include <sys/socket.h>',
    '#include <linux/types.h>',
    ...headers.flatMap((header) => [`#if __has_include(<${header}>)`, `#include <${header}>`, '#endif']),
    'static const long long values[] = {',
  ];
  const body = [...known].map((index) => `(long long)(${expressions[index]!}),`);
  const tail = [
    '};',
    'int main(void) {',
    'for (size_t i = 0; i < sizeof values / sizeof *values; i++) printf("%lld\\n", values[i]);',
    '}',
    '',
  ];
  return { source: [...head, ...body, ...tail].join('\n'), firstLine: head.length + 1 };
}

function run(program: string, args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}
