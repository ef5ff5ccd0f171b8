import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { requirePrograms, run } from '../../../support/programs.js';
import { NETDEVSIM, RADIOS, type Check, type Checks } from '../check.js';
import type { Program, Scene } from '../scene.js';

/** Returns the check of a program with a simulated card of its own, which is deleted afterwards. */
const withCard = (
  number: number,
  args: readonly string[],
  check: (scene: Scene, program: Program, card: string) => Promise<void>,
  before = '',
): Check => ({
  needs: [NETDEVSIM],
  args,
  before: `echo ${number} 1 > /sys/bus/netdevsim/new_device\n${before}`,
  async check(scene, program) {
    try {
      await check(scene, program, `netdevsim/netdevsim${number}`);
    } finally {
      scene.sh(`echo ${number} > /sys/bus/netdevsim/del_device`);
    }
  },
});

/** Runs commands of a shell in the first network namespace, where the radios are. */
const first = (commands: string): string => run('sh', ['-ec', commands]).trim();

/** The folder of the configurations of two access points and a station. */
const WIFI = '/tmp/rxnetlink-cookbook-wifi';

const accessPoint = (link: string, channel: number): string =>
  `printf 'interface=${link}\\nssid=cookbook\\nhw_mode=g\\nchannel=${channel}\\n' > ${WIFI}/${link}.conf`;

const STATION = `cat > ${WIFI}/station.conf <<END
ctrl_interface=${WIFI}/control
network={
ssid="cookbook"
key_mgmt=NONE
scan_freq=2412 2437
freq_list=2412 2437
}
END`;

const address = (link: string): string => readFileSync(`/sys/class/net/${link}/address`, 'utf8').trim();

export const cards: Checks = {
  'Virtual functions of a card': withCard(
    31,
    ['card31'],
    async (scene, program) => {
      expect(await program.end()).to.match(/^1 changes\n0: 02:00:00:00:00:a0 VLAN 10 100000000 bit\/s\n1: .* VLAN 20 200000000 bit\/s\n$/);
      const [card] = scene.json<{ vfinfo_list: Readonly<Record<string, unknown>>[] }[]>('ip -j -d link show dev card31');
      expect(card!.vfinfo_list).to.have.lengthOf(2);
      expect(card!.vfinfo_list[0]).to.deep.include({ address: '02:00:00:00:00:a0', vlan_list: [{ vlan: 10 }], spoofchk: true });
      expect(card!.vfinfo_list[1]).to.deep.include({ rate: { max_tx: 200, min_tx: 0 } });
      const again = scene.start(process.execPath, [program.child.spawnargs.at(-2)!, 'card31']);
      expect(await again.end()).to.match(/^0 changes\n/);
    },
    'for path in $(ip -o link | grep -v LOOPBACK | cut -d: -f2); do ip link set $path name card31; done',
  ),
  'A card that reports a fault': withCard(32, [], async (scene, program, card) => {
    await program.until('watching');
    scene.sh(`devlink health set ${card} reporter dummy auto_recover false`);
    scene.sh('echo broken > /sys/kernel/debug/netdevsim/netdevsim32/health/break_health');
    await program.until(`${card}: dummy has reported 1 faults\n${card}: dummy has recovered`);
    const { health } = scene.json<{ health: Record<string, Record<string, unknown>[]> }>(`devlink -j health show ${card} reporter dummy`);
    expect(health[card]![0]).to.include({ state: 'healthy', error: 1, recover: 1 });
  }),
  'A setting of a card that needs a reload': withCard(33, ['netdevsim', 'netdevsim33', '47'], async (scene, program, card) => {
    expect(await program.end()).to.match(/^port 0: physical \S+\n$/);
    // The driver shows the value that it has started with.
    expect(scene.sh('cat /sys/kernel/debug/netdevsim/netdevsim33/max_macs')).to.equal('47');
    const shown = scene.json<{ param: Record<string, { name: string; values: unknown[] }[]> }>('devlink -j dev param show').param[card]!;
    expect(shown.find(({ name }) => name === 'max_macs')!.values).to.deep.equal([{ cmode: 'driverinit', value: 47 }]);
    const { stats } = scene.json<{ dev: Record<string, { stats: object }> }>(`devlink -j dev show ${card} -s`).dev[card]!;
    expect(stats).to.deep.nested.include({ 'reload.driver_reinit.unspecified': 1 });
  }),
  'New firmware, and how far it is': withCard(
    34,
    ['netdevsim', 'netdevsim34', 'cookbook.bin'],
    async (scene, program, card) => {
      await program.end();
      // devlink prints the same steps, without those between 0 and 100 %.
      const shown = scene.sh(`devlink dev flash ${card} file cookbook.bin`);
      const steps = (text: string): string[] => {
        const lines = text.split(/[\b\r\n]+/).map((line) => line.replace(/ *\d+ ?%/, '').trim());
        return lines.filter((line, index) => line !== '' && line !== lines[index - 1]);
      };
      expect(steps(program.output)).to.deep.equal([...steps(shown), 'written']);
      expect(program.output).to.match(/ 0 %\n[^]* 50 %\n[^]* 100 %\n/);
    },
    'mkdir -p /lib/firmware; head -c 4096 /dev/zero > /lib/firmware/cookbook.bin',
  ),
  'A station that roams': {
    needs: [RADIOS],
    inFirstNetwork: true,
    async check(scene, program) {
      requirePrograms('hostapd', 'iw', 'wpa_cli', 'wpa_supplicant');
      await program.until('watching');
      // The module may be loaded with fewer radios.
      const names = first("modprobe -r mac80211_hwsim; modprobe mac80211_hwsim radios=3; iw dev | sed -n 's/.*Interface //p' | sort");
      const [one, two, station] = names.split('\n') as [string, string, string];
      first(`rm -rf ${WIFI}; mkdir ${WIFI}; ${accessPoint(one, 1)}; ${accessPoint(two, 6)}; ${STATION}`);
      // Both programs keep their output back if it is not a terminal.
      const start = (...words: string[]): Program => scene.start('stdbuf', ['-oL', ...words], {}, true);
      const hostapd = start('hostapd', `${WIFI}/${one}.conf`, `${WIFI}/${two}.conf`);
      await hostapd.until(new RegExp(`${two}: AP-ENABLED`), 60);
      await hostapd.until(new RegExp(`${one}: AP-ENABLED`), 60);
      const supplicant = start('wpa_supplicant', '-i', station, '-c', `${WIFI}/station.conf`);
      await supplicant.until('CTRL-EVENT-CONNECTED', 60);

      const used = (): string => /^Connected to (\S+)/.exec(first(`iw dev ${station} link`))![1]!;
      const before = used();
      const frequencies: Readonly<Record<string, number>> = { [address(one)]: 2412, [address(two)]: 2437 };
      await program.until(`${station} uses ${before} at ${frequencies[before]!} MHz\n`);
      const other = before === address(one) ? address(two) : address(one);
      first(`wpa_cli -p ${WIFI}/control -i ${station} roam ${other}`);
      await program.until(`${station} roamed from ${before} to ${other}\n`, 60);
      expect(used()).to.equal(other);
      first(`wpa_cli -p ${WIFI}/control -i ${station} disconnect`);
      await program.until(`${station} has lost ${other}\n`);
      expect(first(`iw dev ${station} link`)).to.equal('Not connected.');
    },
  },
};
