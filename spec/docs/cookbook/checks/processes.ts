import { expect } from 'chai';
import type { Checks, Need } from '../check.js';
import { eventually } from '../scene.js';

/** A container has namespaces of its own, to which the kernel reports nothing. */
const FIRST_NAMESPACES: Need = {
  name: 'reports about processes in this namespace',
  modules: [],
  probe: '[ "$(readlink /proc/self/ns/user)" = "user:[4026531837]" ] && [ "$(readlink /proc/self/ns/pid)" = "pid:[4026531836]" ]',
};

const AUDIT: Need = {
  name: 'an audit subsystem that can be changed, without a daemon',
  modules: [],
  probe: "auditctl -s | grep -qx 'pid 0' && auditctl -s | grep -q '^enabled [01]$'",
};

/** Programs run in the first network namespace: the kernel sends these events nowhere else. */
export const processes: Checks = {
  'Every program that starts': {
    needs: [FIRST_NAMESPACES],
    inFirstNetwork: true,
    async check(scene, program) {
      await program.until('tracing');
      const lines: string[] = [];
      await eventually('the program', () => {
        const pid = scene.sh('sh -c "echo \\$\\$; exec sleep 0.271828"');
        lines.push(`${pid} sleep 0.271828\n`);
        return lines.some((line) => program.output.includes(line));
      });
    },
  },
  'Programs that fail': {
    needs: [FIRST_NAMESPACES],
    inFirstNetwork: true,
    async check(scene, program) {
      await program.until('waiting');
      const pid = scene.sh('sh -c "echo \\$\\$; exit 42" || true');
      await program.until(new RegExp(`^sh \\(${pid}\\): exit code 42 after \\d+ ms$`, 'm'));
      const killed = scene.sh('sh -c "echo \\$\\$; kill -9 \\$\\$" || true');
      await program.until(`(${killed}): signal 9`);
    },
  },
  'The processes that use the processor': {
    needs: [FIRST_NAMESPACES],
    inFirstNetwork: true,
    async check(scene, program) {
      const busy = scene.start('sh', ['-c', 'while :; do :; done']);
      const time = (): number => Number(scene.sh(`cut -d' ' -f14 /proc/${busy.child.pid}/stat`));
      await program.until(new RegExp(`^${busy.child.pid} (?!0 )\\d+ %$`, 'm'), 40);
      expect(time()).to.be.above(0);
    },
  },
  'Who changes a file': {
    needs: [FIRST_NAMESPACES, AUDIT],
    inFirstNetwork: true,
    args: [`/tmp/rxnetlink-cookbook-${process.pid}`],
    before: `touch /tmp/rxnetlink-cookbook-${process.pid}`,
    async check(scene, program) {
      const file = this.args![0]!;
      const enabled = /^enabled (\d)$/m.exec(scene.sh('auditctl -s'))![1]!;
      try {
        await program.until('recording');
        expect(scene.sh('auditctl -l').split('\n')).to.include(`-w ${file} -p wa -k file-changes`);
        const text = (pid: string): string => `(${pid}) of user 0: success yes\n`;
        const reads: string[] = [];
        const writes: string[] = [];
        // Other specs turn the audit subsystem off, and limit its rate.
        await eventually('a record', () => {
          scene.sh('auditctl -e 1');
          reads.push(scene.sh(`bash -c 'echo $$; read line < ${file} || true'`));
          writes.push(scene.sh(`bash -c 'echo $$; echo x >> ${file}'`));
          return writes.some((pid) => program.output.includes(text(pid)));
        });
        expect(program.output).to.match(/^\/\S*bash \(\d+\)/m);
        for (const pid of reads) expect(program.output).to.not.include(`(${pid})`);
        // Ctrl-C
        scene.sh(`kill -INT ${program.child.pid}`);
        await program.end();
        expect(scene.sh('auditctl -l')).to.not.include(file);
      } finally {
        scene.sh(`auditctl -W ${file} -p wa -k file-changes 2>/dev/null || true; auditctl -e ${enabled}; rm -f ${file}`);
      }
    },
  },
};
