import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Replaces the kernel's big-endian types by structs of the same size, so that `_Generic` can distinguish them. */
const MARKED = [16, 32, 64].flatMap((bits) => {
  const width = String(bits);
  // linux/tcp.h has constants in network order.
  const constant = `__constant_cpu_to_be${width}`;
  return [
    `struct be${width} { __u${width} value; };`,
    `#define __be${width} struct be${width}`,
    `#undef ${constant}`,
    `#define ${constant}(x) 0`,
  ];
});

/** The headers that the kernel's headers need. */
const BASICS = [
  ...['<stddef.h>', '<stdio.h>', '<sys/socket.h>', '<linux/types.h>', '<asm/byteorder.h>'].map((header) => `#include ${header}`),
  // linux/uio.h declares the struct of the C library again.
  '#define iovec kernel_iovec',
];

/** Returns a C expression that is 1 if a value has a big-endian type, or is an array of such values. */
export function isBigEndian(value: string): string {
  const types = [16, 32, 64].flatMap((bits) => [`struct be${String(bits)}: 1`, `struct be${String(bits)} *: 1`]);
  return `_Generic(${value}, ${types.join(', ')}, default: 0)`;
}

/**
 * Returns the values of C expressions with the given headers; undefined if the compiler does not know a name in the expression.
 *
 * Expressions with {@link isBigEndian} are compiled separately, because its macros break the constants of the headers.
 */
export function evaluate(headers: readonly string[], expressions: readonly string[]): (bigint | undefined)[] {
  const marked = evaluateAll([...MARKED, ...including(headers)], expressions, (expression) => expression.startsWith('_Generic'));
  const plain = evaluateAll(including(headers), expressions, (expression) => !expression.startsWith('_Generic'));
  return expressions.map((_, index) => marked[index] ?? plain[index]);
}

/** Returns the preprocessed text of headers, and of lines behind them. */
export function preprocess(headers: readonly string[], lines: readonly string[] = []): string {
  const source = [...BASICS, ...including(headers), ...lines, ''].join('\n');
  const { status, stdout, stderr } = run('gcc', ['-w', '-E', '-P', '-x', 'c', '-'], source);
  if (status !== 0) throw new Error(`the headers cannot be read:\n${stderr}`);
  return stdout;
}

function including(headers: readonly string[]): string[] {
  return headers.flatMap((header) => [`#if __has_include(<${header}>)`, `#include <${header}>`, '#endif']);
}

function evaluateAll(
  head: readonly string[],
  expressions: readonly string[],
  wanted: (expression: string) => boolean,
): (bigint | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-headers-'));
  try {
    const program = join(folder, 'values');
    const known = compileKnown(head, expressions, new Set([...expressions.keys()].filter((index) => wanted(expressions[index]!))), program);
    const lines = run(program, []).stdout.split('\n');
    const values = new Map([...known].map((index, line) => [index, BigInt(lines[line]!)]));
    return expressions.map((_, index) => values.get(index));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles, omits the expressions that the compiler rejects, and compiles again until there is no error. */
function compileKnown(head: readonly string[], expressions: readonly string[], known: Set<number>, program: string): Set<number> {
  for (;;) {
    const { source, firstLine } = sourceOf(head, expressions, known);
    const { status, stderr } = run('gcc', ['-w', '-fmax-errors=0', '-x', 'c', '-', '-o', program], source);
    if (status === 0) return known;
    const faulty = [...stderr.matchAll(/^<stdin>:(\d+):\d+: error:/gm)].map(([, line]) => [...known][Number(line) - firstLine]);
    for (const index of faulty) if (index !== undefined) known.delete(index);
    if (faulty.length === 0 || faulty.includes(undefined)) throw new Error(`the headers do not compile:\n${stderr}`);
  }
}

function sourceOf(
  lines: readonly string[],
  expressions: readonly string[],
  known: ReadonlySet<number>,
): { source: string; firstLine: number } {
  const head = [...BASICS, ...lines, 'static const long long values[] = {'];
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
