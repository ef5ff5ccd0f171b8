import { expect } from 'chai';
import { MacsecCipher } from '../../../lib/families/macsec.js';
import { macsecSchema, type DeviceAttributes, type SaAttributes } from '../../../lib/families/generated/macsec.js';
import type { FamilyComparer } from '../comparer.js';
import type { LinkNames } from './link-names.js';

const CIPHERS = new Map<bigint, string>([
  [MacsecCipher.Default, 'GCM-AES-128'],
  [MacsecCipher.GcmAes256, 'GCM-AES-256'],
  [MacsecCipher.GcmAesXpn128, 'GCM-AES-XPN-128'],
  [MacsecCipher.GcmAesXpn256, 'GCM-AES-XPN-256'],
]);

const hex = (number: number | bigint): string => `0x${number.toString(16)}`;

/** Returns counters under the names that iproute2 prints: `inPktsNotUsingSa` is `InPktsNotUsingSA`. */
function counters(stats: object | undefined): Record<string, number> {
  const spell = (name: string): string =>
    name.replace(/^./, (first) => first.toUpperCase()).replace(/(Ok|Sa|Sci)$/, (last) => last.toUpperCase());
  return Object.fromEntries(Object.entries(stats ?? {}).map(([name, value]) => [spell(name), Number(value)]));
}

function association({ an, pn, ssci, active, keyid, stats }: SaAttributes): object {
  return {
    ...{ an, pn: Number(pn), active: active === 1, key: Buffer.from(keyid!).toString('hex') },
    ...(ssci === undefined ? {} : { ssci: hex(ssci) }),
    ...counters(stats),
  };
}

/** Returns an interface as `ip -j -s macsec show` prints it. */
export function macsecRow(row: DeviceAttributes, names: Pick<LinkNames, 'of'>): object {
  const { ifindex, secy, txscStats, secyStats, txsaList = [], rxscList = [], offload } = row;
  const flag = (value: number | undefined): boolean => value === 1;
  return {
    ...{ ifindex, ifname: names.of(ifindex), protect: flag(secy!.protect), validate: secy!.validate, encrypt: flag(secy!.encrypt) },
    // ip takes the association that sends (attribute 2 of this set) for the states of a channel and an association (2 of theirs).
    ...{ sc: secy!.encodingSa !== 0, sa: secy!.encodingSa !== 0 },
    ...{ send_sci: flag(secy!.incSci), end_station: flag(secy!.es), scb: flag(secy!.scb), replay: flag(secy!.replay) },
    ...(flag(secy!.replay) ? { window: secy!.window } : {}),
    ...{ cipher_suite: CIPHERS.get(secy!.cipherSuite!), icv_length: secy!.icvLen, sci: hex(secy!.sci!), encoding_sa: secy!.encodingSa },
    ...{ ...counters(secyStats), ...counters(txscStats), offload: offload!.type },
    sa_list: txsaList.map(association),
    rx_sc: rxscList.map(({ sci, active, stats, saList = [] }) => ({
      ...{ sci: hex(sci!), active: flag(active), ...counters(stats), sa_list: saList.map(association) },
    })),
  };
}

export const comparer: FamilyComparer = {
  schema: macsecSchema,
  compare({ shown, answers, links }) {
    const rows = answers.flatMap((answer) => answer.rows) as readonly DeviceAttributes[];
    expect(rows).not.to.have.length(0);
    expect(rows.map((row) => macsecRow(row, links))).to.deep.equal(shown);
  },
};
