import { expect } from 'chai';
import { firstValueFrom, filter } from 'rxjs';

import { rtLink } from '../../../lib/families/rt-link.js';
import { team, type AttrOptionAttributes } from '../../../lib/families/team.js';
import { last, modules, run } from '../support.js';
import { requirePrograms, spawnSync } from '../../support/programs.js';

const DEVICE = 'vmteam';
const PORTS = ['vmteam1', 'vmteam2'];

/** Returns an option as teamnl prints it: ` mode loadbalance`, `*queue_id (port:vmteam1) 0`. */
function line(option: AttrOptionAttributes, names: ReadonlyMap<number, string>): string {
  const place = option.portIfindex === undefined ? '' : ` (port:${names.get(option.portIfindex)!})`;
  const index = option.arrayIndex === undefined ? '' : ` (arridx:${option.arrayIndex})`;
  const value =
    option.type === 'flag' ? String(option.data === true) : option.data instanceof Uint8Array ? printed(option.data) : option.data!;
  return `${option.name!}${place}${index} ${value}`.trimEnd();
}

/** Returns bytes as teamnl prints them. */
function printed(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Returns the lines of `teamnl ... options`, without the mark of changed options. */
function shown(): string[] {
  return run(`teamnl ${DEVICE} options`)
    .split('\n')
    .map((text) => text.replace(/^[ *!]+/, '').trimEnd())
    .filter((text) => text !== '');
}

describe('team on the wide kernel', () => {
  const names = new Map<number, string>();
  let teamIfindex = 0;

  before(async function () {
    requirePrograms('teamnl');
    modules('team', 'team_mode_loadbalance', 'team_mode_activebackup', 'dummy');
    run(`ip link add ${DEVICE} type team`);
    run(`teamnl ${DEVICE} setoption mode loadbalance`);
    for (const port of PORTS) {
      run(`ip link add ${port} type dummy`);
      run(`ip link set ${port} master ${DEVICE}`);
    }
    using link = rtLink();
    for (const { ifname, ifiIndex } of await last(link.list('getlink'))) names.set(ifiIndex, ifname!);
    teamIfindex = [...names].find(([, name]) => name === DEVICE)![0];
  });
  after(() => {
    for (const name of [DEVICE, ...PORTS]) spawnSync('ip', ['link', 'del', name]);
  });

  it('reads options of every type, of ports and of arrays, as teamnl does', async () => {
    using client = team();
    const { listOption } = await last(client.do('options-get', { teamIfindex }));
    const options = listOption!.option!;
    expect(new Set(options.map(({ type }) => type))).to.deep.equal(new Set(['string', 'u32', 'flag', 's32', 'binary']));
    expect(options.length).to.be.above(200);
    expect(options.map((option) => line(option, names)).sort()).to.deep.equal(shown().sort());
  });

  it('writes options as teamnl shows them, and receives the notification', async () => {
    using client = team();
    const [index] = [...names].find(([, name]) => name === PORTS[1])!;
    const received = firstValueFrom(
      client
        .notifications('change_event')
        .pipe(
          filter(({ value }) => value.listOption?.option?.some(({ name, changed }) => name === 'priority' && changed === true) === true),
        ),
    );
    await last(
      client.do('options-set', {
        teamIfindex,
        listOption: {
          option: [
            { name: 'notify_peers_count', type: 'u32', data: 7 },
            { name: 'priority', type: 's32', data: -5, portIfindex: index },
            { name: 'user_linkup_enabled', type: 'flag', data: true, portIfindex: index },
            { name: 'lb_tx_hash_to_port_mapping', type: 'u32', data: index, arrayIndex: 3 },
          ],
        },
      }),
    );
    expect((await received).op).to.equal('options-get-ntf');
    expect(shown()).to.include.members([
      'notify_peers_count 7',
      `priority (port:${PORTS[1]!}) -5`,
      `user_linkup_enabled (port:${PORTS[1]!}) true`,
      `lb_tx_hash_to_port_mapping (arridx:3) ${index}`,
    ]);
  });

  it('reads the ports as teamnl does', async () => {
    using client = team();
    const { listPort } = await last(client.do('port-list-get', { teamIfindex }));
    const ports = listPort!.port!.map(({ ifindex, linkup }) => `${ifindex!}: ${names.get(ifindex!)!}: ${linkup === true ? 'up' : 'down'}`);
    const lines = [...run(`teamnl ${DEVICE} ports`).matchAll(/^ *\*?(\d+): (\S+): (up|down)/gm)].map(
      ([, index, name, state]) => `${index!}: ${name!}: ${state!}`,
    );
    expect(lines).to.have.length(2);
    expect(ports).to.have.members(lines);
  });
});
