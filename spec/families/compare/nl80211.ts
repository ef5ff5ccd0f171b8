import { expect } from 'chai';
import { omitUndefined } from '../../../lib/check/index.js';
import { nl80211Schema } from '../../../lib/families/generated/nl80211.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import type { Row } from '../play.js';
import { hex } from './fields.js';

type Shown = Readonly<Record<string, unknown>>;

/** NL80211_IFTYPE_* of linux/nl80211.h, as iw prints them. */
const TYPES: Readonly<Record<number, string>> = { 1: 'IBSS', 2: 'managed', 3: 'AP', 6: 'monitor', 7: 'mesh point' };

function compareInterfaces({ shown, answers }: Scene): void {
  const rows = answers.flatMap(({ op, rows: found }) => (op === 'get-interface' ? found : []));
  const decoded = rows.map(({ ifname, ifindex, wdev, mac, iftype, wiphyTxPowerLevel, wiphyFreq, ssid }) => ({
    name: ifname,
    ifindex: String(ifindex),
    wdev: `0x${(wdev as bigint).toString(16)}`,
    addr: mac,
    type: TYPES[Number(iftype)],
    txpower: `${(Number(wiphyTxPowerLevel) / 100).toFixed(2)} dBm`,
    ...(ssid === undefined ? {} : { ssid: Buffer.from(ssid as Uint8Array).toString() }),
    ...omitUndefined({ frequency: wiphyFreq }),
  }));
  const table = (shown as readonly Shown[]).map(({ multicast: _queues, channel, ...row }) => ({
    ...row,
    ...(channel === undefined ? {} : { frequency: Number(/\((\d+) MHz\)/.exec(String(channel))![1]) }),
  }));
  expect(decoded).to.deep.equal(table);
}

function compareRegulations({ shown, answers }: Scene): void {
  const rows = answers.flatMap(({ op, rows: found }) => (op === 'get-reg' ? found : []));
  const decoded = rows.map(({ regAlpha2, dfsRegion, regRules }) => ({
    alpha2: regAlpha2,
    region: ['DFS-UNSET', 'DFS-FCC', 'DFS-ETSI', 'DFS-JP'][Number(dfsRegion)],
    rules: (regRules as readonly Row[]).map(({ freqRangeStart, freqRangeEnd, freqRangeMaxBw, powerRuleMaxAntGain, powerRuleMaxEirp }) => [
      ...[freqRangeStart, freqRangeEnd, freqRangeMaxBw].map((kilohertz) => Math.floor(Number(kilohertz) / 1000)),
      powerRuleMaxAntGain === 0 ? 'N/A' : String(Math.floor(Number(powerRuleMaxAntGain) / 100)),
      String(Math.floor(Number(powerRuleMaxEirp) / 100)),
    ]),
  }));
  const table = (shown as readonly { readonly rules: readonly unknown[][] }[]).map(({ rules, ...domain }) => ({
    ...domain,
    rules: rules.map((rule) => rule.slice(0, 5)),
  }));
  expect(decoded).to.deep.equal(table);
}

interface Band {
  readonly htCapa?: number;
  readonly rates?: readonly { readonly rate: number }[];
  readonly freqs?: readonly Readonly<Record<string, unknown>>[];
}

/** NL80211_BAND_*, by the number of iw, which is greater by one. */
const BANDS = ['', '2ghz', '5ghz', '60ghz', '6ghz', 's1ghz', 'lc'];

function compareRadios({ shown, answers }: Scene): void {
  const rows = answers.flatMap(({ op, rows: found }) => (op === 'get-wiphy' ? found : []));
  const decoded = rows.map((row) => ({
    name: row['wiphyName'],
    index: row['wiphy'],
    'max # scan SSIDs': row['maxNumScanSsids'],
    'max scan IEs length': row['maxScanIeLen'],
    'max # sched scan SSIDs': row['maxNumSchedScanSsids'],
    'max # match sets': row['maxMatchSets'],
    'short retry': row['wiphyRetryShort'],
    'long retry': row['wiphyRetryLong'],
    'coverage class': row['wiphyCoverageClass'],
    ciphers: (row['cipherSuites'] as readonly number[]).length,
    bands: Object.entries(row['wiphyBands'] as Readonly<Record<string, Band>>).map(([band, { htCapa = null, rates = [], freqs = [] }]) => ({
      band: BANDS.indexOf(band),
      ht: htCapa,
      rates: rates.map(({ rate }) => rate / 10),
      // Below 1 GHz iw shows fractions of megahertz, which the table does not contain.
      frequencies: (band === 's1ghz' ? [] : freqs).map(({ freq, maxTxPower, disabled }) => [
        freq,
        disabled === true ? null : Number(maxTxPower) / 100,
        disabled === true,
      ]),
    })),
  }));
  const table = (shown as readonly Shown[]).map((radio) => ({
    ...Object.fromEntries(Object.keys(decoded[0]!).map((key) => [key, radio[key]])),
    ciphers: (radio['ciphers'] as readonly unknown[]).length,
    bands: (radio['bands'] as readonly { readonly frequencies: readonly unknown[][] }[]).map(({ frequencies, ...band }) => ({
      ...band,
      frequencies: frequencies.map((one) => one.slice(0, 3)),
    })),
  }));
  expect(decoded).to.deep.equal(table);
}

/** Words of iw that differ from the header's. */
const MESH_WORDS: Readonly<Record<string, string>> = {
  hwmpNetDiameterTraversalTime: 'hwmpNetDiamTrvsTime',
  fwding: 'forwarding',
  syncOffsetMaxNeighor: 'syncOffsetMaxNeighbor',
  hwmpActivePathToRootTimeout: 'hwmpPathToRootTimeout',
};
/** NL80211_MESH_POWER_*: the power modes of stations. */
const MESH_POWER = ['unknown', 'active', 'light', 'deep'];

function compareMesh({ shown, answers }: Scene): void {
  const config = answers.find(({ op }) => op === 'get-mesh-config')!.rows[0]!['meshConfig'] as Row;
  for (const [word, value] of Object.entries(shown as Shown)) {
    const name = word.slice('mesh_'.length).replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    const read = config[MESH_WORDS[name] ?? name];
    expect(name === 'powerMode' ? MESH_POWER[Number(read)] : read, word).to.equal(value);
  }
}

/** MpathFlags as a number, as iw prints them. */
function compareWays({ shown, answers }: Scene): void {
  const decoded = answers.flatMap(({ op, rows }) =>
    op === 'get-mpath'
      ? rows.map((row) => {
          const { sn, metric, frameQlen, exptime, discoveryTimeout, discoveryRetries, flags, hopCount, pathChange } = row[
            'mpathInfo'
          ] as Row;
          const numbers = [sn, metric, frameQlen, exptime, discoveryTimeout, discoveryRetries].map(String);
          return [row['mac'], row['mpathNextHop'], ...numbers, hex(Number(flags)), String(hopCount), String(pathChange)];
        })
      : [],
  );
  expect(decoded).to.deep.equal((shown as string[][]).map(([mac, hop, _name, ...rest]) => [mac, hop, ...rest]));
}

export const comparer: FamilyComparer = {
  schema: nl80211Schema,
  compare(scene) {
    const { command, shown, answers } = scene;
    const rows = answers.flatMap(({ rows: found }) => found);
    if (command === 'iw dev') compareInterfaces(scene);
    else if (command === 'iw phy') compareRadios(scene);
    else if (command.endsWith(' mesh_param dump')) compareMesh(scene);
    else if (command.endsWith(' mpath dump')) compareWays(scene);
    else if (command === 'iw reg get') compareRegulations(scene);
    else if (command.includes(' scan ')) expect(rows.map(({ bss }) => (bss as Row)['bssid'])).to.deep.equal(shown);
    else
      expect(rows.map(({ surveyInfo }) => String((surveyInfo as Row)['frequency']))).to.deep.equal(
        (shown as string[][]).map(([frequency]) => frequency),
      );
  },
};
