#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Output } from './output/output.js';
import { runProgram } from './program.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
process.exitCode = await runProgram(process.argv.slice(2), version, new Output(process.stdout, process.stderr, process.env));
