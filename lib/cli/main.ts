#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Output } from './output/output.js';
import { runProgram } from './program.js';
import { ExitCode } from './run/exit-code.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
const output = new Output(process.stdout, process.stderr, process.env);
// The last write may fail after the command has ended.
process.once('exit', () => {
  if (output.hasFailed) process.exitCode = ExitCode.Failure;
});
process.exitCode = await runProgram(process.argv.slice(2), version, output);
