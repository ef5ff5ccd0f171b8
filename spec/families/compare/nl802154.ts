import { expect } from 'chai';
import { nl802154Schema } from '../../../lib/families/generated/nl802154.js';
import type { Nl802154Family } from '../../../lib/families/nl802154.js';
import type { FamilyComparer } from '../comparer.js';

type Radio = Nl802154Family['dump']['get-wpan-phy']['reply'];
type Interface = Nl802154Family['dump']['get-interface']['reply'];

/** NL802154_IFTYPE_*, as iwpan prints them. */
const TYPES = ['node', 'monitor', 'coordinator'];

/** Returns type and payload of each attribute of a nest that the family describes as bytes. */
function* entries(nest: Uint8Array): Generator<readonly [type: number, payload: Uint8Array]> {
  const bytes = Buffer.from(nest);
  for (let at = 0; bytes.length - at >= 4;) {
    const length = bytes.readUInt16LE(at);
    yield [bytes.readUInt16LE(at + 2) & 0x3fff, bytes.subarray(at + 4, at + length)];
    at += (length + 3) & ~3;
  }
}

const flags = (nest: Uint8Array): number[] => [...entries(nest)].map(([type]) => type);
const range = (least = 0, most = -1): number[] => Array.from({ length: most - least + 1 }, (_, index) => least + index);
const bits = (mask: number): number[] => range(0, 31).filter((bit) => (mask & (1 << bit)) !== 0);

/** `iwpan phy`: lists of channels for each page that has any. */
function radio({ wpanPhyName, channelsSupported, page, channel, wpanPhyCaps: caps }: Radio): object {
  const supported = (channelsSupported?.supportedChannel ?? []).map((mask, index) => [String(index), bits(mask)] as const);
  const capable = [...entries(caps!.channels!)].map(([index, nest]) => [String(index), flags(nest)] as const);
  return {
    name: wpanPhyName,
    channels: Object.fromEntries(supported.filter(([, channels]) => channels.length > 0)),
    page,
    channel,
    types: flags(caps!.iftypes!).map((type) => TYPES[type]),
    'capable channels': Object.fromEntries(capable),
    min_be: range(caps!.minMinbe, caps!.maxMinbe),
    max_be: range(caps!.minMaxbe, caps!.maxMaxbe),
    csma_backoffs: range(caps!.minCsmaBackoffs, caps!.maxCsmaBackoffs),
    frame_retries: range(caps!.minFrameRetries, caps!.maxFrameRetries),
    lbt: caps!.lbt,
  };
}

/** `iwpan dev`. */
function device(row: Interface): object {
  const hex = (value: number | bigint | undefined, width = 0): string => `0x${(value ?? 0).toString(16).padStart(width, '0')}`;
  return {
    name: row.ifname,
    ifindex: String(row.ifindex),
    wpan_dev: hex(row.wpanDev),
    extended_addr: hex(row.extendedAddr, 16),
    short_addr: hex(row.shortAddr, 4),
    pan_id: hex(row.panId, 4),
    type: row.iftype === 'coord' ? 'coordinator' : row.iftype,
    max_frame_retries: String(row.maxFrameRetries),
    min_be: String(row.minBe),
    max_be: String(row.maxBe),
    max_csma_backoffs: String(row.maxCsmaBackoffs),
    lbt: String(row.lbtMode),
    ackreq_default: String(row.ackreqDefault),
  };
}

export const comparer: FamilyComparer = {
  schema: nl802154Schema,
  compare({ command, shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows);
    const decoded = command.startsWith('iwpan phy')
      ? (rows as unknown as Radio[]).map(radio)
      : (rows as unknown as Interface[]).map(device);
    expect(decoded).to.deep.equal(shown);
  },
};
