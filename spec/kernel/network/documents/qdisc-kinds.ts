/** A description of priorities by traffic classes and queues: links of this spec have four queues. */
const QUEUES = 'num_tc 2 map 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 queues 1@0 1@1';

/** The parameters of red, of which `tc` computes more. */
const RED = 'limit 400000 min 30000 max 90000 avpkt 1000 burst 55';

const PRIORITIES = '1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1';

/** The kinds of qdiscs, with words of `tc` for different forms of each. The first form is the plainest. */
export const QDISC_KINDS: Readonly<Record<string, readonly string[]>> = {
  pfifo: ['', 'limit 100'],
  bfifo: ['', 'limit 10000'],
  pfifo_head_drop: ['', 'limit 50'],
  pfifo_fast: [''],
  noqueue: [''],
  prio: ['', `bands 5 priomap ${PRIORITIES}`, 'bands 4'],
  tbf: [
    'rate 10mbit burst 32k latency 50ms',
    'rate 20mbit burst 32k latency 50ms',
    'rate 10mbit burst 64k limit 100000',
    'rate 10mbit burst 32k latency 50ms peakrate 20mbit mtu 2000',
    'rate 40gbit burst 1mb latency 50ms',
    'rate 10mbit burst 32k latency 50ms overhead 18',
  ],
  htb: ['', 'default 0x30', 'r2q 20', 'direct_qlen 500'],
  codel: ['', 'limit 500', 'target 10ms', 'interval 50ms', 'ecn', 'ce_threshold 2ms'],
  fq_codel: [
    '',
    ...['limit 500', 'flows 256', 'target 10ms', 'interval 50ms', 'quantum 300', 'noecn', 'memory_limit 8mb', 'drop_batch 32'],
    'ce_threshold 2ms',
  ],
  fq: [
    '',
    ...['limit 500', 'flow_limit 50', 'quantum 3000', 'initial_quantum 9000', 'maxrate 10mbit', 'buckets 256', 'nopacing'],
    ...['refill_delay 20ms', 'low_rate_threshold 1mbit', 'orphan_mask 255', 'timer_slack 5us', 'horizon 5s', 'horizon_cap'],
    ...['ce_threshold 2ms', 'bands 3 priomap 2 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1'],
  ],
  cake: [
    '',
    ...['bandwidth 10mbit', 'besteffort', 'diffserv8', 'rtt 50ms', 'overhead 18', 'mpu 64', 'atm', 'nat', 'wash', 'ack-filter'],
    ...['memlimit 4mb', 'autorate-ingress', 'no-split-gso', 'ingress', 'flowblind', 'fwmark 0xff'],
  ],
  netem: [
    '',
    ...['delay 10ms', 'delay 10ms 2ms 25%', 'loss 1%', 'loss gemodel 1% 10%', 'duplicate 1%', 'corrupt 0.5%'],
    ...['reorder 25% gap 5 delay 10ms', 'rate 5mbit', 'limit 50', 'slot 1ms 5ms'],
  ],
  sfq: ['', 'perturb 10', 'quantum 3000', 'limit 50', 'divisor 512', 'depth 20', 'flows 30', 'headdrop'],
  multiq: [''],
  red: [`${RED} bandwidth 10mbit`, 'limit 400000 avpkt 1000', `${RED} ecn adaptive probability 0.05`, `${RED} ecn nodrop`],
  choke: ['limit 100 bandwidth 10mbit', 'limit 100 bandwidth 10mbit ecn min 10 max 30'],
  pie: ['', 'limit 500', 'target 20ms', 'tupdate 30ms', 'alpha 3', 'beta 21', 'ecn', 'bytemode', 'dq_rate_estimator'],
  fq_pie: ['', 'limit 500', 'flows 256', 'target 20ms', 'tupdate 30ms', 'quantum 300', 'memory_limit 8mb', 'ecn', 'bytemode'],
  hhf: ['', 'limit 500', 'quantum 300', 'hh_limit 100', 'reset_timeout 50ms', 'admit_bytes 200000', 'evict_timeout 2s', 'non_hh_weight 3'],
  hfsc: ['', 'default 0x30'],
  drr: [''],
  qfq: [''],
  skbprio: ['', 'limit 100'],
  cbs: ['', 'idleslope 1000 sendslope -9000 hicredit 10 locredit -10'],
  taprio: [
    `${QUEUES} base-time 0 sched-entry S 01 300000 sched-entry S 02 300000 clockid CLOCK_TAI`,
    `${QUEUES} base-time 0 sched-entry S 01 100000 clockid CLOCK_TAI`,
  ],
  plug: [''],
  mq: [''],
  sfb: ['', 'target 20', 'max 40'],
  ingress: [''],
  clsact: [''],
};

/** Kinds that the kernel does not accept in the form that it reports: with more values than bands, or as attributes of hardware. */
export const UNWRITABLE_KINDS: Readonly<Record<string, string>> = {
  ets: 'bands 3',
  mqprio: `${QUEUES} hw 0`,
  gred: 'setup vqs 4 default 1',
};
