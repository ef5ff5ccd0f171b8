// `npm run test:valgrind`: the specs of the addon under valgrind's memcheck, leaks included.
//
// Only reports with a frame of the addon count. Processes that the specs start run without valgrind; AddressSanitizer (`npm run
// test:asan`) covers them.
import { join } from 'node:path';
import { buildWith, need, readLogs, runSpecs, wantedSpecs } from './instrumented.mjs';

need('valgrind', 'valgrind');
const { folder, logs } = buildWith('valgrind', '-O1 -g');
const valgrind = [
  'valgrind',
  '--tool=memcheck',
  '--leak-check=full',
  '--show-leak-kinds=definite,indirect',
  '--errors-for-leak-kinds=definite',
  '--num-callers=40',
  '--error-limit=no',
  '--trace-children=no',
  '--xml=yes',
  `--xml-file=${join(logs, '%p.xml')}`,
];
// These do their work in other processes, which valgrind does not see.
const elsewhere = /(worker|exception|errno)-spec/;
const specs = wantedSpecs('spec/native', 'spec/kernel').filter(
  (file) => process.argv.length > 2 || (/native/.test(file) && !elsewhere.test(file)),
);
const status = runSpecs(valgrind, specs, 20, { RXNETLINK_ADDON: join(folder, 'build/Release/rxnetlink.node') });

const errors = readLogs(logs).flatMap((text) => text.match(/<error>.*?<\/error>/gs) ?? []);
const ours = errors.filter((error) => error.includes('rxnetlink.node</obj>'));
for (const error of ours) {
  const what = /<(?:what|text)>(.*?)<\//.exec(error)?.[1];
  const frames = [...error.matchAll(/<fn>(.*?)<\/fn>/g)].map(([, name]) => `    ${name}`);
  console.error([what, ...frames.slice(0, 20)].join('\n'));
}
console.log(`valgrind: ${ours.length} reports of the addon (and ${errors.length - ours.length} of Node without it)`);
process.exitCode = status === 0 && ours.length === 0 ? 0 : 1;
