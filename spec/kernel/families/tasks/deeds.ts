import type { ProcessEvent } from '../../../../lib/families/cn_proc.js';

/** A fact about an event that a process knows. */
export interface Fact {
  readonly what: ProcessEvent['what'];
  readonly data: Readonly<Record<string, number | string>>;
}

/** Does everything of which the kernel sends events, and prints the facts as JSON. */
export const FACTS = `
import ctypes, json, os, resource, signal, sys, threading
libc = ctypes.CDLL(None, use_errno=True)
PR_SET_NAME, PTRACE_ATTACH, PTRACE_DETACH = 15, 16, 17
me, facts = os.getpid(), []
def note(what, **data): facts.append({'what': what, 'data': data})
def process(pid): return {'processPid': pid, 'processTgid': pid}
def child(deed):
    pid = os.fork()
    if pid == 0:
        code = deed()
        os._exit(code or 0)
    note('fork', parentPid=me, parentTgid=me, childPid=pid, childTgid=pid)
    return pid
def end(pid):
    status = os.waitpid(pid, 0)[1]
    note('exit', **process(pid), exitCode=status, exitSignal=signal.SIGCHLD, parentPid=me, parentTgid=me)
    return status

pid = child(lambda: os.execv('/bin/sh', ['sh', '-c', 'exit 42']))
note('exec', **process(pid))
assert end(pid) == 42 << 8

pid = child(lambda: libc.prctl(PR_SET_NAME, b'sixteen (bytes) long'))
note('comm', **process(pid), comm='sixteen (bytes)')
end(pid)

pid = child(lambda: os.setresgid(4242, 4343, 4242))
note('gid', **process(pid), rgid=4242, egid=4343)
end(pid)

pid = child(lambda: os.setresuid(4244, 4245, 4244))
note('uid', **process(pid), ruid=4244, euid=4245)
end(pid)

pid = child(lambda: os.setsid() and 0)
note('sid', **process(pid))
end(pid)

pid = child(lambda: signal.pause())
assert libc.ptrace(PTRACE_ATTACH, pid, 0, 0) == 0
os.waitpid(pid, 0)
note('ptrace', **process(pid), tracerPid=me, tracerTgid=me)
assert libc.ptrace(PTRACE_DETACH, pid, 0, 0) == 0
note('ptrace', **process(pid), tracerPid=0, tracerTgid=0)
os.kill(pid, signal.SIGKILL)
assert end(pid) == signal.SIGKILL

def crash():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.kill(os.getpid(), signal.SIGSEGV)
pid = child(crash)
note('coredump', **process(pid), parentPid=me, parentTgid=me)
assert end(pid) & 127 == signal.SIGSEGV

thread = threading.Thread(target=lambda: None)
task = []
thread = threading.Thread(target=lambda: task.append(threading.get_native_id()))
thread.start()
thread.join()
# The parent of a thread is that of its process.
note('fork', parentPid=os.getppid(), parentTgid=os.getppid(), childPid=task[0], childTgid=me)
print(json.dumps(facts), flush=True)
`;

/** Forks processes one after the other; prints their IDs and statuses as JSON. Each exits with the lowest 8 bits of its number. */
export const FORKS = `
import json, os, sys
facts = []
for number in range(int(sys.argv[1])):
    pid = os.fork()
    if pid == 0: os._exit(number & 255)
    facts.append([pid, os.waitpid(pid, 0)[1]])
print(json.dumps(facts), flush=True)
`;
