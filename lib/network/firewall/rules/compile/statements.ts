import { suggestion } from '../../../../check/index.js';
import { FieldError } from '../../../common/field-error.js';
import { shown } from '../../../fields/check.js';
import { tryVerdict } from '../../data/verdict.js';
import { counter, limit, quota } from './statements/amounts.js';
import { compileMatch } from './match.js';
import { dnat, masquerade, redirect, snat } from './statements/nat.js';
import { dynamicMap, dynamicSet } from './statements/dynamic-set.js';
import { connectionCount, last, namesObject, useObject } from './statements/objects.js';
import { flow, log, notrack, queue, reject } from './statements/outlets.js';
import type { RuleProgram } from './program.js';
import { dup, fwd, synproxy, tproxy } from './statements/redirects.js';
import { ctMark, mangle, mark, reset, vmap } from './statements/writes.js';

/** Compiles the body of a statement. @internal */
export type StatementCompiler = (program: RuleProgram, body: unknown, path: string) => void;

const STATEMENTS: Readonly<Record<string, StatementCompiler>> = {
  counter,
  limit,
  quota,
  log,
  reject,
  queue,
  snat,
  dnat,
  masquerade,
  redirect,
  mangle,
  mark,
  'ct mark': ctMark,
  vmap,
  set: (program, body, path) => dynamicSet(program, body, path, compileStatement),
  map: (program, body, path) => dynamicMap(program, body, path, compileStatement),
  flow,
  notrack,
  tproxy,
  dup,
  fwd,
  synproxy: (program, body, path) => (namesObject(body) ? useObject(program, 'synproxy', body, path) : synproxy(program, body, path)),
  'ct helper': (program, body, path) => useObject(program, 'ct-helper', body, path),
  'ct timeout': (program, body, path) => useObject(program, 'ct-timeout', body, path),
  'ct expectation': (program, body, path) => useObject(program, 'ct-expect', body, path),
  secmark: (program, body, path) => useObject(program, 'secmark', body, path),
  tunnel: (program, body, path) => useObject(program, 'tunnel', body, path),
  'ct count': connectionCount,
  last,
  reset,
};

/** Statements that a name alone can be. */
const NAMES: readonly string[] = ['counter', 'log', 'reject', 'queue', 'masquerade', 'redirect', 'notrack', 'synproxy', 'last'];

/** Statements of libnftables-json that rules can have as expressions only. */
const UNSUPPORTED: readonly string[] = ['meter', 'xt'];

const VERDICTS: readonly string[] = ['accept', 'drop', 'return', 'jump', 'goto'];

/** Statements that end a rule (`STMT_F_TERMINAL` of nft): the kernel runs none behind them. */
const TERMINAL: readonly string[] = [...VERDICTS, 'reject', 'queue', 'snat', 'dnat', 'masquerade', 'redirect', 'fwd'];

/** Returns the name of a statement that ends its rule; undefined for others. @internal */
export function terminalName(statement: unknown): string | undefined {
  const name = typeof statement === 'object' && statement !== null ? Object.keys(statement)[0] : statement;
  return TERMINAL.find((known) => known === name);
}

/** Returns true for the name of a verdict or of another statement. @internal */
export function isStatement(name: string): boolean {
  return VERDICTS.includes(name) || Object.hasOwn(STATEMENTS, name);
}

/** Compiles a statement. @throws FieldError @internal */
export function compileStatement(program: RuleProgram, statement: unknown, path: string): void {
  const [name, body, inner] = split(statement, path);
  if (name === 'match') {
    compileMatch(program, statement, path);
    program.freeRegisters();
    return;
  }
  program.endMatches();
  program.freeRegisters();
  const verdict = tryVerdict(statement, path);
  if (verdict !== undefined) program.emit({ name: 'immediate', data: { dreg: 0, data: { verdict } } });
  else if (Object.hasOwn(STATEMENTS, name)) STATEMENTS[name]!(program, body, inner);
  else if (UNSUPPORTED.includes(name))
    throw new FieldError(inner, `the statement '${name}' is not supported; write the rule as expressions`, 'unsupported');
  else throw new FieldError(inner, `unknown statement ${shown(name)}${statementHint(name)}`);
}

/** Words of other firewalls for statements. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ...['allow', 'permit', 'pass', 'ok'].map((word) => [word, 'accept'] as const),
  ...['deny', 'block'].map((word) => [word, 'drop or reject'] as const),
  ['discard', 'drop'],
  ['masq', 'masquerade'],
  ['nat', 'snat or dnat'],
  ['connmark', 'ct mark'],
]);

/** Returns the statement that an unknown word means, or all of them. */
function statementHint(name: string): string {
  const other = OTHER_WORDS.get(name.toLowerCase());
  if (other !== undefined) return `; did you mean ${other}?`;
  const names = [...VERDICTS, 'continue', ...Object.keys(STATEMENTS)];
  return suggestion(name, names, '; ') || `; there are ${names.join(', ')}`;
}

function split(statement: unknown, path: string): readonly [name: string, body: unknown, path: string] {
  if (typeof statement === 'string') {
    if (Object.hasOwn(STATEMENTS, statement) && !NAMES.includes(statement))
      throw new FieldError(path, `'${statement}' needs a value; write { ${statement}: ... }`);
    return [statement, null, path];
  }
  if (typeof statement !== 'object' || statement === null || Array.isArray(statement))
    throw new FieldError(path, `expected a statement, not ${shown(statement)}`);
  const entries = Object.entries(statement);
  if (entries.length !== 1) throw new FieldError(path, `expected an object with one property, the statement; got ${entries.length}`);
  const [name, body] = entries[0]! as [string, unknown];
  if (body === undefined) throw new FieldError(`${path}.${name}`, 'undefined is not a value');
  return [name, body, `${path}.${name}`];
}
