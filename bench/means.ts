/*
 * `npm run bench:means`: measures the same work with and without an optimization, alternately. It covers the optimizations that the built
 * package can switch off. bench/codecs.ts measures both back ends of the codecs.
 */
import { Contender, duel } from './support/contender.js';
import { digits, figuresOf } from './support/figures.js';
import { makeNamespace } from './support/place.js';
import { buildSubjects, subject } from './support/programs.js';

const REQUESTS = 10_000;
const AT_ONCE = 1000;
const ROUNDS = 7;

await buildSubjects();
const namespace = makeNamespace('means');

const pair = [
  new Contender('with', namespace, subject('measure', ['sequential', `${REQUESTS}`])),
  new Contender('without', namespace, subject('measure', ['ordered', `${REQUESTS}`])),
] as const;
const { reference, other, ratio } = await duel(...pair, ROUNDS);
for (const contender of pair) contender.close();
const [withIt, without] = [reference, other].map(({ median }) => digits(median / 1e3));
console.log(`a request, read right after sending     ${withIt!} us`);
console.log(`the same, read when the loop sees it    ${without!} us, ${digits(ratio.median)} x`);

const table = new Contender('table', namespace, subject('growth', ['requests', `${AT_ONCE}`]));
const operators = new Contender('operators', namespace, subject('operators', [`${AT_ONCE}`]));
const times: [number[], number[]] = [[], []];
for (let round = -2; round < ROUNDS; round++) {
  const runs = [await table.measure(), await operators.measure()] as const;
  if (round < 0) continue;
  for (const [index, { nanoseconds }] of runs.entries()) times[index]!.push(nanoseconds / 1e6);
}
for (const contender of [table, operators]) contender.close();
const [byTable, byOperators] = times.map((all) => figuresOf(all).median);
console.log(`${AT_ONCE} requests at once, by the table      ${digits(byTable!)} ms`);
console.log(`the same, an operator chain for each    ${digits(byOperators!)} ms, ${digits(byOperators! / byTable!)} x`);
process.exit();
