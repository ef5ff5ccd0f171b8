// `npm run test:asan`: runs the specs of the addon and of the kernel with an addon built for AddressSanitizer, in the process of the
// specs and in the processes that they start. `npm run test:asan -- spec/native/lifecycle-spec.ts` runs only that file.
//
// Node is not instrumented, so LD_PRELOAD loads the library of the sanitizer. valgrind finds leaks.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildWith, fail, need, readLogs, runSpecs, wantedSpecs } from './instrumented.mjs';

need('g++', 'g++');
const library = execFileSync('g++', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();
if (!library.startsWith('/')) fail('g++ has no libasan (Debian: apt-get install libasan8)');

const { folder, logs } = buildWith('asan', '-fsanitize=address -fno-omit-frame-pointer -O1 -g', '-fsanitize=address');
const options = ['detect_leaks=0', 'verify_asan_link_order=0', 'detect_stack_use_after_return=1', `log_path=${join(logs, 'log')}`];
const status = runSpecs([], wantedSpecs('spec/native', 'spec/kernel'), 3, {
  RXNETLINK_ADDON: join(folder, 'build/Release/rxnetlink.node'),
  LD_PRELOAD: library,
  ASAN_OPTIONS: options.join(':'),
});

const reports = readLogs(logs).filter((text) => text.includes('AddressSanitizer'));
for (const report of reports) console.error(report);
console.log(`AddressSanitizer: ${reports.length} reports`);
process.exitCode = status === 0 && reports.length === 0 ? 0 : 1;
