import { expect } from 'chai';
import { conntrackTimeoutSchema } from '../../../lib/families/generated/conntrack_timeout.js';
import type { ConntrackTimeoutFamily } from '../../../lib/families/conntrack_timeout.js';
import type { FamilyComparer } from '../comparer.js';

type Policy = ConntrackTimeoutFamily['dump']['get']['reply'];

/** The numbers of the protocols (IPPROTO_*) that nfct prints. */
const NUMBERS: Readonly<Record<string, number>> = {
  ...{ icmp: 1, tcp: 6, udp: 17, dccp: 33, gre: 47, icmpv6: 58, sctp: 132, udplite: 136, generic: 255 },
};

/** States of SCTP that nfct does not know. */
const UNPRINTED = ['heartbeat_sent', 'heartbeat_acked'];

/** Returns a policy in the words of nfct. */
function printed({ name, l3proto, l4proto, data = {} }: Policy): object {
  const seconds = Object.entries(data).map(([key, value]) => {
    const word = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return [word === 'unack' ? 'unacknowledged' : word, value] as const;
  });
  return {
    ...(name !== undefined && { name }),
    l3proto,
    l4proto: NUMBERS[String(l4proto)],
    ...Object.fromEntries(seconds.filter(([word]) => !UNPRINTED.includes(word))),
  };
}

export const comparer: FamilyComparer = {
  schema: conntrackTimeoutSchema,
  compare({ command, shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows) as unknown as readonly Policy[];
    expect(rows.map(printed)).to.deep.equal(shown);
    // No rule uses a policy.
    for (const { use } of rows) expect(use).to.equal(command.includes('default') ? undefined : 1);
  },
};
