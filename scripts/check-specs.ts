/*
 * Compares the specifications, overlays applied, with the kernel's uapi headers: numbers of attributes, operations and enum
 * entries, sizes of structs and offsets of their members. What the headers do not name is counted, never judged.
 *
 *   npm run check:specs -- <folder>       or NETLINK_SPECS=<folder> npm run check:specs
 *
 * It needs a C compiler and the headers (Debian: gcc, linux-libc-dev).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFamily, mendSpec } from '../lib/codegen/generate.js';
import type { FamilySchema } from '../lib/schema/descriptor.js';
import { commandOf, exceptions, headersOf, prefixOf } from './spec-exceptions.js';

type Mapping = Readonly<Record<string, unknown>>;

/** An expression of C and the number that it should have. */
interface Claim {
  readonly expression: string;
  readonly expected: bigint;
  readonly about: string;
}

const words = process.argv.slice(2);
const folder = words.find((word) => !word.startsWith('--')) ?? process.env['NETLINK_SPECS'];

function cName(prefix: string, name: string): string {
  return (prefix + name).replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase();
}

function* claimsOf(spec: Mapping, schema: FamilySchema): Generator<Claim> {
  const family = String(spec['name']);
  for (const raw of listOf(spec, 'attribute-sets')) {
    const set = schema.sets.find(({ name }) => name === raw['name'])!;
    if (set.subsetOf !== undefined) continue;
    const prefix = prefixOf(schema.source, set.name) ?? textOf(raw, 'name-prefix', `${family}-a-${set.name}-`);
    for (const [index, attribute] of set.attributes.entries()) {
      const own = textOf(listOf(raw, 'attributes')[index]!, 'name-prefix', prefix);
      yield {
        expression: cName(own, attribute.name),
        expected: BigInt(attribute.id),
        about: `${set.name}.${attribute.name}`,
      };
    }
  }
  for (const raw of listOf(spec, 'definitions')) {
    const definition = schema.enums.find(({ name }) => name === raw['name']);
    if (definition === undefined) continue;
    const prefix = prefixOf(schema.source, definition.name) ?? textOf(raw, 'name-prefix', `${family}-${definition.name}-`);
    for (const [entry, value] of definition.entries) {
      yield { expression: cName(prefix, entry), expected: BigInt(value), about: `${definition.name}.${entry}` };
    }
  }
  yield* structClaims(schema);
  yield* operationClaims(spec, schema, family);
}

function* structClaims(schema: FamilySchema): Generator<Claim> {
  for (const struct of schema.structs) {
    const type = `struct ${struct.name.replaceAll('-', '_')}`;
    yield { expression: `sizeof(${type})`, expected: BigInt(struct.size), about: `${struct.name}: size` };
    for (const member of struct.members) {
      if (member.type === 'pad') continue;
      const name = member.name.replaceAll('-', '_');
      yield {
        expression: `__builtin_offsetof(${type}, ${name})`,
        expected: BigInt(member.offset),
        about: `${struct.name}.${member.name}: offset`,
      };
      if (member.size !== undefined)
        yield {
          expression: `sizeof(((${type} *)0)->${name})`,
          expected: BigInt(member.size),
          about: `${struct.name}.${member.name}: size`,
        };
    }
  }
}

function* operationClaims(spec: Mapping, schema: FamilySchema, family: string): Generator<Claim> {
  const prefix = textOf(spec['operations'] as Mapping, 'name-prefix', `${family}-cmd-`);
  for (const { name, do: run, dump, command } of schema.operations) {
    const number = command ?? (run ?? dump)?.request;
    if (number === undefined) continue;
    const expression =
      commandOf(schema.source, command === undefined ? name : name.replace(/-ntf$/, '')) ??
      cName(prefix, name.replace(schema.source === 'ethtool' ? /$/ : /-ntf$/, ''));
    yield { expression, expected: BigInt(number), about: `operation ${name}` };
  }
}

function textOf(mapping: Mapping, key: string, fallback: string): string {
  const text = mapping[key];
  return typeof text === 'string' ? text : fallback;
}

function listOf(mapping: Mapping, key: string): readonly Mapping[] {
  return (mapping[key] ?? []) as readonly Mapping[];
}

/** Has the compiler evaluate what it knows; the others come back undefined. */
function evaluate(expressions: readonly string[], headers: readonly string[], work: string): (bigint | undefined)[] {
  const source = join(work, 'claims.c');
  const binary = join(work, 'claims');
  const write = (known: (index: number) => boolean): void => {
    const functions = expressions.map((text, index) =>
      known(index) ? `static long long f${index}(void) { return (long long)(${text}); }` : '',
    );
    const calls = expressions.map((_, index) => (known(index) ? `  printf("${index} %lld\\n", f${index}());` : ''));
    const includes = [
      '#include <stdio.h>',
      '#include <sys/socket.h>',
      '#include <netinet/in.h>',
      ...headers.map((header) => `#if __has_include(<${header}>)\n#include <${header}>\n#endif`),
    ];
    writeFileSync(source, [...includes, '#line 1 "claims"', ...functions, 'int main(void) {', ...calls, '  return 0;', '}', ''].join('\n'));
  };
  write(() => true);
  const faults = spawnSync('gcc', ['-fsyntax-only', '-fmax-errors=0', '-w', source], { encoding: 'utf8' }).stderr;
  const unknown = new Set([...faults.matchAll(/^claims:(\d+):\d+: error/gm)].map((match) => Number(match[1]) - 1));
  write((index) => !unknown.has(index));
  const built = spawnSync('gcc', ['-w', '-O0', '-o', binary, source], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the compiler says:\n${built.stderr.split('\n').slice(0, 5).join('\n')}`);
  const values = new Map(
    spawnSync(binary, { encoding: 'utf8' })
      .stdout.trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
  return expressions.map((_, index) => {
    const value = values.get(String(index));
    return value === undefined ? undefined : BigInt(value);
  });
}

function excepted(place: string, used: Set<string>): boolean {
  const key = [place, place.replace(/\.[^.]*$/, '.*')].find((candidate) => Object.hasOwn(exceptions, candidate));
  if (key !== undefined) used.add(key);
  return key !== undefined;
}

function check(path: string): boolean {
  const work = mkdtempSync(join(tmpdir(), 'rxnetlink-check-'));
  let [right, unnamed, wrong, excused] = [0, 0, 0, 0];
  const used = new Set<string>();
  try {
    for (const file of readdirSync(path)
      .filter((name) => name.endsWith('.yaml'))
      .sort()) {
      const text = readFileSync(join(path, file), 'utf8');
      const schema = describeFamily(text, file, () => undefined);
      const claims = [...claimsOf(mendSpec(text, file, () => undefined) as Mapping, schema)];
      const values = evaluate(
        claims.map(({ expression }) => expression),
        headersOf(schema.source),
        work,
      );
      for (const [index, { expression, expected, about }] of claims.entries()) {
        const value = values[index];
        const place = `${schema.source}: ${about}`;
        if (value === undefined) unnamed++;
        else if (value === expected) right++;
        else if (excepted(place, used)) excused++;
        else {
          wrong++;
          process.stdout.write(`${place}: ${expression} is ${value} in the headers, ${expected} here\n`);
        }
      }
    }
  } finally {
    rmSync(work, { recursive: true });
  }
  for (const place of Object.keys(exceptions)) if (!used.has(place)) process.stdout.write(`no exception any more: ${place}\n`);
  process.stdout.write(`${right} right, ${wrong} wrong, ${excused} excepted, ${unnamed} without a name in the headers\n`);
  return wrong === 0;
}

if (folder === undefined) {
  process.stderr.write('usage: npm run check:specs -- <folder of the specifications>, or set NETLINK_SPECS\n');
  process.exitCode = 2;
} else if (!check(folder)) {
  process.exitCode = 1;
}
