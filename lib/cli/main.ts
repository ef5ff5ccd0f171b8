#!/usr/bin/env node
import { Output } from './output/output.js';
import { runProgram } from './program.js';
import { ExitCode } from './run/exit-code.js';
import { packageVersion } from './run/package-file.js';

const output = new Output(process.stdout, process.stderr, process.env);
// The last write may fail after the command has ended.
process.once('exit', () => {
  if (output.hasFailed) process.exitCode = ExitCode.Failure;
});
process.exitCode = await runProgram(process.argv.slice(2), packageVersion(), output);
