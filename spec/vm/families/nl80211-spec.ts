import { setTimeout as delay } from 'node:timers/promises';

import { expect } from 'chai';
import { firstValueFrom, filter } from 'rxjs';

import { nl80211 } from '../../../lib/families/nl80211.js';
import { last, modules, run } from '../support.js';
import { spawnSync } from '../../support/programs.js';

const RADIOS = 3;

/** Returns the sections of `iw phy`, by the name of the radio. */
function radiosOfIw(): Map<string, string> {
  const parts = run('iw phy')
    .split(/^Wiphy /m)
    .slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part]));
}

describe('nl80211 on the wide kernel', () => {
  before(() => {
    modules('cfg80211');
    // The module may be loaded with fewer radios.
    spawnSync('modprobe', ['-r', 'mac80211_hwsim']);
    run(`modprobe mac80211_hwsim radios=${RADIOS}`);
  });

  it('reads the interfaces as iw does', async () => {
    using wifi = nl80211();
    const rows = await last(wifi.list('get-interface'));
    const shown = [...run('iw dev').matchAll(/Interface (\S+)\n\s+ifindex (\d+)\n\s+wdev (\S+)\n\s+addr (\S+)/g)].map(
      ([, name, index, wdev, address]) => ({ ifname: name, ifindex: Number(index), wdev: BigInt(wdev!), mac: address }),
    );
    expect(shown).not.to.have.length(0);
    expect(rows.map(({ ifname, ifindex, wdev, mac }) => ({ ifname, ifindex, wdev, mac }))).to.have.deep.members(shown);
  });

  it('merges radios that arrive in many messages, as iw does', async () => {
    using wifi = nl80211();
    const rows = await last(wifi.list('get-wiphy', { splitWiphyDump: true }));
    const shown = radiosOfIw();
    expect(rows.map(({ wiphyName }) => wiphyName)).to.have.members([...shown.keys()]);
    for (const { wiphyName, wiphyBands, maxNumScanSsids, cipherSuites } of rows) {
      const text = shown.get(wiphyName!)!;
      const bands = Object.values(wiphyBands!).flatMap(
        (band: { readonly freqs?: readonly { readonly freq?: number }[] }) => band.freqs ?? [],
      );
      const channels = [...text.matchAll(/\* (\d+)(?:\.\d)? MHz \[\d+\]/g)].map(([, frequency]) => Number(frequency));
      expect(bands.map(({ freq }) => freq).filter((freq) => freq !== undefined)).to.include.members(channels);
      expect(channels.length).to.be.above(50);
      expect(maxNumScanSsids).to.equal(Number(/max # scan SSIDs: (\d+)/.exec(text)![1]));
      expect(cipherSuites).to.have.length([...text.matchAll(/\(00-0f-ac:\d+\)/g)].length);
    }
  });

  describe('with radios in one network', () => {
    const NETWORK = 'vmnet';
    const [FIRST, SECOND, THIRD] = ['wlan0', 'wlan1', 'wlan2'] as const;
    const indexes = new Map<string, number>();

    before(async () => {
      using wifi = nl80211();
      for (const { ifname, ifindex } of await last(wifi.list('get-interface'))) indexes.set(ifname!, ifindex!);
      for (const name of [FIRST, SECOND]) {
        await last(wifi.do('set-interface', { ifindex: indexes.get(name)!, iftype: 1 }));
        run(`ip link set ${name} up`);
        run(`iw dev ${name} ibss join ${NETWORK} 2412 fixed-freq 02:11:22:33:44:55`);
      }
      run(`ip link set ${THIRD} up`);
      // A station is listed after a radio has received a beacon of the other; beacons are sent ten times a second.
      for (let turn = 0; turn < 100 && !run(`iw dev ${FIRST} station dump`).includes('Station'); turn++) await delay(100);
    });

    it('reads stations as iw does', async () => {
      using wifi = nl80211();
      const rows = await last(wifi.list('get-station', { ifindex: indexes.get(FIRST)! }));
      const shown = run(`iw dev ${FIRST} station dump`);
      expect(rows).to.have.length(1);
      const { mac, staInfo } = rows[0]!;
      const field = (name: string): string => new RegExp(`${name}:\\s*(.*)`).exec(shown)![1]!.trim();
      expect(shown).to.include(`Station ${mac!} (on ${FIRST})`);
      expect(staInfo!.signal).to.be.within(-100, -1);
      expect(field('signal')).to.match(new RegExp(`^${staInfo!.signal!}\\b`));
      expect(Number(field('tx failed'))).to.equal(staInfo!.txFailed);
      expect(Number(field('beacon interval'))).to.equal(staInfo!.bssParam!.beaconInterval);
      expect(Number(field('DTIM period'))).to.equal(staInfo!.bssParam!.dtimPeriod);
      const seconds = Number(staInfo!.assocAtBoottime! / 1_000_000n) / 1000;
      expect(field(String.raw`associated at \[boottime\]`)).to.equal(`${seconds.toFixed(3)}s`);
      const bits = ['authorized', undefined, 'WMM/WME', 'MFP', 'authenticated', 'TDLS peer', 'associated'];
      bits.forEach((name, index) => {
        const bit = 1 << (index + 1);
        if (name !== undefined && (staInfo!.staFlags!.mask & bit) !== 0)
          expect(field(name), name).to.equal((staInfo!.staFlags!.set & bit) === 0 ? 'no' : 'yes');
      });
      // 16 traffic identifiers, and one for frames without an identifier.
      expect(staInfo!.tidStats).to.have.length(17);
    });

    it('triggers a scan, receives the event of its end, and reads its results as iw does', async () => {
      using wifi = nl80211();
      const ifindex = indexes.get(THIRD)!;
      const ended = firstValueFrom(wifi.notifications('scan').pipe(filter(({ op }) => op === 'new-scan-results-ntf')));
      await last(wifi.do('trigger-scan', { ifindex, scanSsids: [new TextEncoder().encode(NETWORK)], scanFrequencies: [2412, 2437] }));
      const { value } = await ended;
      expect(value.scanFrequencies).to.deep.equal([2412, 2437]);
      expect(value.scanSsids!.map((ssid) => new TextDecoder().decode(ssid))).to.deep.equal([NETWORK]);
      const rows = await last(wifi.list('get-scan', { ifindex }));
      const shown = run(`iw dev ${THIRD} scan dump`)
        .split(/^(?=BSS )/m)
        .map((text) => ({
          bssid: /^BSS (\S+?)\(/.exec(text)![1],
          frequency: Number(/freq: (\d+)/.exec(text)![1]),
          beaconInterval: Number(/beacon interval: (\d+)/.exec(text)![1]),
          capability: Number(/capability: .*\((0x\w+)\)/.exec(text)![1]),
          signal: /signal: (\S+)/.exec(text)![1],
        }));
      expect(
        rows.map(({ bss }) => ({
          bssid: bss!.bssid,
          frequency: bss!.frequency,
          beaconInterval: bss!.beaconInterval,
          capability: bss!.capability,
          signal: (bss!.signalMbm! / 100).toFixed(2),
        })),
      ).to.deep.equal(shown);
      expect(shown.length).to.be.above(0);
      expect(Buffer.from(rows[0]!.bss!.informationElements!).includes(NETWORK)).to.equal(true);
    });

    it('reads the survey of channels as iw does', async () => {
      using wifi = nl80211();
      const ifindex = indexes.get(THIRD)!;
      const rows = await last(wifi.list('get-survey', { ifindex }));
      const shown = [...run(`iw dev ${THIRD} survey dump`).matchAll(/frequency:\s+(\d+) MHz( \[in use\])?(?:\n\s+noise:\s+(-\d+) dBm)?/g)];
      expect(
        rows.map(({ surveyInfo: survey }) => [String(survey!.frequency), survey!.inUse === true, String(survey!.noise)]),
      ).to.deep.equal(shown.map(([, frequency, used, noise]) => [frequency, used !== undefined, String(noise)]));
      expect(shown.length).to.be.above(0);
    });

    it('reads the rules of the regulatory domain as iw does', async () => {
      using wifi = nl80211();
      const { regAlpha2, regRules } = (await last(wifi.list('get-reg'))).find(({ wiphy }) => wiphy === undefined)!;
      const global = /global\n([^]*?)\n\n/.exec(run('iw reg get'))![1]!;
      expect(regAlpha2).to.equal(/country (..):/.exec(global)![1]);
      const rules = [...global.matchAll(/\((\d+) - (\d+) @ (\d+)\), \((\d+|N\/A), (\d+)\), \((\d+ ms|N\/A)\)/g)].map(
        ([, from, to, bandwidth, gain, power]) => [from, to, bandwidth, gain, power].map((text) => (text === 'N/A' ? 0 : Number(text))),
      );
      expect(rules.length).to.be.above(1);
      expect(
        regRules!.map((rule) => [
          rule.freqRangeStart! / 1000,
          rule.freqRangeEnd! / 1000,
          rule.freqRangeMaxBw! / 1000,
          rule.powerRuleMaxAntGain! / 100,
          rule.powerRuleMaxEirp! / 100,
        ]),
      ).to.deep.equal(rules);
    });
  });
});
