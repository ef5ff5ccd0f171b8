import { expect } from 'chai';
import { ipvsSchema, type CommandAttributes, type InfoAttributes } from '../../../lib/families/generated/ipvs.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { savedLines, shownLines, tableLines, type IpvsTable, type ServiceWithServers } from './ipvs-text.js';

const TABLES: readonly IpvsTable[] = ['stats', 'rate', 'thresholds', 'persistent-conn'];

/** Returns the services of a capture, each with the servers that the tool requested of it. */
function services({ answers }: Scene): ServiceWithServers[] {
  const rows = answers.filter(({ op }) => op === 'get-service').flatMap((answer) => answer.rows as readonly CommandAttributes[]);
  return rows.map(({ service }) => {
    const name = ({ af, protocol, addr, port, fwmark }: NonNullable<typeof service>): string =>
      JSON.stringify(fwmark === undefined ? [af, protocol, addr, port] : [af, fwmark]);
    const answer = answers.find(({ op, request }) => op === 'get-dest' && name((request as CommandAttributes).service!) === name(service!));
    return { service: service!, servers: (answer!.rows as readonly CommandAttributes[]).map(({ dest }) => dest!) };
  });
}

export const comparer: FamilyComparer = {
  schema: ipvsSchema,
  compare(scene) {
    const { command, answers } = scene;
    const shown = scene.shown as string;
    const info = answers.find(({ op }) => op === 'get-info')!.rows[0] as InfoAttributes;
    const last = answers.at(-1)!.rows as readonly CommandAttributes[];
    if (command.endsWith('--timeout')) {
      const { timeoutTcp, timeoutTcpFin, timeoutUdp } = last[0]!;
      expect(`Timeout (tcp tcpfin udp): ${timeoutTcp!} ${timeoutTcpFin!} ${timeoutUdp!}\n`).to.equal(shown);
    } else if (command.endsWith('--daemon')) {
      const lines = last.map(
        ({ daemon: { state, mcastIfn, syncId, syncMaxlen, mcastGroup, mcastGroup6, mcastPort, mcastTtl } = {} }) =>
          `${state!} sync daemon (mcast=${mcastIfn!}, syncid=${syncId!}, maxlen=${syncMaxlen!}, group=${(mcastGroup ?? mcastGroup6)!}, port=${mcastPort!}, ttl=${mcastTtl!})\n`,
      );
      expect(lines.join('')).to.equal(shown);
    } else if (command.endsWith('-Sn')) {
      expect(savedLines(services(scene))).to.deep.equal(shown.trim().split('\n').sort());
    } else {
      const table = TABLES.find((name) => command.includes(`--${name}`)) ?? 'plain';
      expect(tableLines(services(scene), table)).to.deep.equal(shownLines(shown));
      const { version, connTabSize } = info;
      const numbers = [16, 8, 0].map((shift) => (version! >> shift) & 255).join('.');
      expect(shown).to.match(new RegExp(`^IP Virtual Server version ${numbers} \\(size=${connTabSize!}\\)\n`));
    }
  },
};
