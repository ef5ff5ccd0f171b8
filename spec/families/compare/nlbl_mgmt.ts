import { expect } from 'chai';
import { nlblMgmtSchema } from '../../../lib/families/generated/nlbl_mgmt.js';
import type { NlblMgmtFamily } from '../../../lib/families/nlbl_mgmt.js';
import type { FamilyComparer } from '../comparer.js';
import { prefixText } from './netmask.js';

type Mapping = NlblMgmtFamily['dump']['listall']['reply'];

/** The words of netlabelctl for protocols. */
const PROTOCOLS: Readonly<Record<string, string>> = { unlabeled: 'UNLABELED', cipsov4: 'CIPSOv4', calipso: 'CALIPSO' };

function protocolText({ protocol, cv4doi, clpdoi }: Pick<Mapping, 'protocol' | 'cv4doi' | 'clpdoi'>): string {
  const doi = cv4doi ?? clpdoi;
  return `${String(PROTOCOLS[String(protocol)])}${doi === undefined ? '' : `,${String(doi)}`}`;
}

/** Returns a mapping as netlabelctl prints it; the default one has no domain. */
function text(mapping: Mapping): string {
  const { domain, selectorlist } = mapping;
  const selectors = selectorlist?.addrselector?.map((each) => `address:${prefixText(each)},protocol:${protocolText(each)}`);
  return [`domain:${domain === undefined ? 'DEFAULT' : `"${domain}"`}`, ...(selectors ?? [protocolText(mapping)])].join(',');
}

export const comparer: FamilyComparer = {
  schema: nlblMgmtSchema,
  compare({ command, shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows);
    if (command.endsWith('version')) return expect(rows).to.deep.equal([{ version: shown }]);
    if (command.endsWith('protocols')) return expect(rows.map(({ protocol }) => PROTOCOLS[String(protocol)])).to.deep.equal(shown);
    // netlabelctl reads the default of IPv4 and that of IPv6, and prints one line if both are equal.
    const [ipv4, ipv6] = answers.filter(({ op }) => op === 'listdef').flatMap((answer) => answer.rows);
    expect({ ...ipv4, family: 10 }).to.deep.equal(ipv6);
    return expect((rows as readonly Mapping[]).slice(0, -1).map(text)).to.deep.equal(shown);
  },
};
