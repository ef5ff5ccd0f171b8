import { expect } from 'chai';
import { nlblCipsov4Schema } from '../../../lib/families/generated/nlbl_cipsov4.js';
import type { NlblCipsov4Family } from '../../../lib/families/nlbl_cipsov4.js';
import type { FamilyComparer } from '../comparer.js';
import { MAPPINGS } from './nlbl_calipso.js';

type Definition = NlblCipsov4Family['do']['list']['reply'];
type Listed = NlblCipsov4Family['dump']['listall']['reply'];

/** The name of the scene's kind of mapping: netlabelctl does not print it. */
const KINDS: Readonly<Record<string, string>> = { 8: 'pass', 9: 'trans', 10: 'local' };

/** Returns the words of netlabelctl for one domain of interpretation. */
function words({ taglst, mlslvllst, mlscatlst }: Definition): string[] {
  const levels = mlslvllst?.mlslvl?.map(({ mlslvlloc, mlslvlrem }) => `${String(mlslvlloc)}=${String(mlslvlrem)}`);
  const categories = mlscatlst?.mlscat?.map(({ mlscatloc, mlscatrem }) => `${String(mlscatloc)}=${String(mlscatrem)}`);
  return Object.entries({ tags: taglst?.tag, levels, categories }).flatMap(([name, list]) =>
    list === undefined ? [] : [`${name}:${list.join(',')}`],
  );
}

export const comparer: FamilyComparer = {
  schema: nlblCipsov4Schema,
  compare({ command, shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows);
    const doi = /doi:(\d+)/.exec(command)?.[1];
    if (doi === undefined) {
      const list = (rows as readonly Listed[]).map((row) => `${String(row.doi)},${String(MAPPINGS[row.mtype!])}`);
      return expect(list).to.deep.equal(shown);
    }
    expect(rows).to.have.length(1);
    const [row] = rows as readonly Definition[];
    expect(row!.mtype).to.equal(KINDS[doi]);
    return expect(words(row!)).to.deep.equal(shown);
  },
};
