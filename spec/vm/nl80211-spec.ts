import { expect } from 'chai';

import { nl80211 } from '../../lib/families/nl80211.js';
import { last, modules, run } from './support.js';

const RADIOS = 3;

/** The parts of `iw phy`, by the name of the radio. */
function radiosOfIw(): Map<string, string> {
  const parts = run('iw phy')
    .split(/^Wiphy /m)
    .slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part]));
}

describe('nl80211 on the wide kernel', () => {
  before(() => modules('cfg80211', `mac80211_hwsim radios=${RADIOS}`.split(' ')[0]!));

  it('reads the interfaces as iw does', async () => {
    using wifi = nl80211();
    const rows = await last(wifi.list('get-interface'));
    const shown = [...run('iw dev').matchAll(/Interface (\S+)\n\s+ifindex (\d+)\n\s+wdev (\S+)\n\s+addr (\S+)/g)].map(
      ([, name, index, wdev, address]) => ({ ifname: name, ifindex: Number(index), wdev: BigInt(wdev!), mac: address }),
    );
    expect(shown).not.to.have.length(0);
    expect(rows.map(({ ifname, ifindex, wdev, mac }) => ({ ifname, ifindex, wdev, mac }))).to.have.deep.members(shown);
  });

  it('puts radios together that come in many messages, as iw does', async () => {
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
});
