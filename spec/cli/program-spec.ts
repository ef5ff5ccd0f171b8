import { expect } from 'chai';
import { COMMANDS } from '../../lib/cli/commands.js';
import { needsMoreThanEmulator } from '../support/emulator.js';
import { hostOrder } from '../support/host-order.js';
import { runCli } from './run-cli.js';

describe('the command rxnetlink', () => {
  it('prints the version', async () => {
    expect(await runCli('--version')).to.deep.equal({ code: 0, out: '9.9.9\n', err: '' });
  });

  it('lists every command in its help, also without arguments', async () => {
    const { code, out } = await runCli('--help');
    expect(code).to.equal(0);
    for (const { name } of COMMANDS) expect(out).to.match(new RegExp(`^  ${name} `, 'm'));
    expect(await runCli()).to.deep.equal({ code: 0, out, err: '' });
  });

  for (const { name, examples } of COMMANDS) {
    it(`has help with examples: ${name}`, async () => {
      const { code, out, err } = await runCli(name, '--help');
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
      expect(examples).to.not.have.length(0);
      for (const { line } of examples) expect(out).to.include(line);
      for (const { line } of examples) expect(line).to.include(`rxnetlink ${name}`);
    });
  }

  for (const [argv, message] of [
    [['lnks'], "unknown command 'lnks' (did you mean links?); see rxnetlink --help"],
    [['addr'], "unknown command 'addr' (did you mean addresses?); see rxnetlink --help"],
    [['help', 'neigh'], "unknown command 'neigh' (did you mean neighbours?); see rxnetlink --help"],
    [['interfaces'], "unknown command 'interfaces' (did you mean links?); see rxnetlink --help"],
    [['ss'], "unknown command 'ss' (did you mean sockets?); see rxnetlink --help"],
    [['links', '--namespace', 'blue'], "unknown option '--namespace' (did you mean --netns?); see rxnetlink links --help"],
    [['--namespace=blue', 'links'], "unknown option '--namespace=blue' (did you mean --netns?); see rxnetlink links --help"],
    [['families', '-n', 'blue'], "unknown option '-n' (did you mean --netns?); see rxnetlink families --help"],
    [['--namespace', 'blue', 'links'], "unknown option '--namespace' (did you mean --netns?); see rxnetlink --help"],
    [['completion', '--namespace'], "unknown option '--namespace'; see rxnetlink completion --help"],
    [['links', '--jsn'], "unknown option '--jsn' (did you mean --json?); see rxnetlink links --help"],
    [['links', '--netns'], "option '--netns <namespace>' argument missing; see rxnetlink links --help"],
    [['help', 'nope'], "unknown command 'nope'; see rxnetlink --help"],
    [['describe'], "missing required argument 'family'; see rxnetlink describe --help"],
    [['links', 'name=a', 'b'], 'name is given twice, the second time in b; a word alone is the property name'],
    [['links', 'name=a', 'name=b'], 'name is given twice, the second time in name=b'],
    [['routes', 'va'], "cannot list routes: to: 'va' is not an IP address; a word alone is the property to: write PROPERTY=va for another"],
    [['addresses', '10.0.0.1/24'], /^cannot list addresses: link: .*; a word alone is the property link: write address=10\.0\.0\.1\/24$/],
    [['addresses', '2001:db8::1'], /; a word alone is the property link: write address=2001:db8::1$/],
    [['neighbours', '10.0.0.1/24'], /; a word alone is the property link: write address=10\.0\.0\.1$/],
    [['fdb', '2001:db8::1'], /; a word alone is the property link: write remote=2001:db8::1$/],
    [['qdiscs', '10.0.0.1/24'], /; a word alone is the property link: write PROPERTY=10\.0\.0\.1\/24 for another$/],
    [['do', 'rt-lnk', 'getlink'], 'no family has the name rt-lnk, neither in this package nor in this kernel; did you mean rt-link?'],
    [['do', 'SEG6', 'get-tunsr'], 'the family SEG6 has no such operation: get-tunsr; did you mean get-tunsrc?'],
    [['do', 'rt-link', 'getlnk'], 'the family rt-link has no such operation: getlnk; did you mean getlink?'],
    [['do', 'rt-link', 'getlink', 'lo'], 'lo is neither name=value nor JSON'],
    [['dump', 'rt-link', 'newlink'], 'rt-link newlink has no dump: use rxnetlink do rt-link newlink'],
    [['links', 'nme=eth0'], 'cannot list links: nme: is not a property to filter by; did you mean name?'],
    [['addresses', 'family=five'], /^cannot list addresses: family: /],
    [['apply', '/no/such/file', '--confirm', '30'], '--confirm 30: expected a time with its unit, such as 30s or 5m, of at most 24 days'],
    [['export', '--only', 'link'], '--only link: no such table; did you mean links?'],
    [['monitor', 'lnks'], /^monitor: there is no 'lnks' to listen to; .*did you mean links\?$/],
    [['monitor', 'addr'], /^monitor: there is no 'addr' to listen to; .*did you mean addresses\?$/],
    [['monitor', 'interface'], /^monitor: there is no 'interface' to listen to; .*did you mean links\?$/],
    [['monitor', 'nexthop'], /^monitor: there is no 'nexthop' to listen to; .*did you mean nexthops\?$/],
    [['export', '--only', 'addr'], '--only addr: no such table; did you mean addresses?'],
    [['record', '/no/such/folder/file', 'neigh'], 'record: neigh is not a table; did you mean neighbours?'],
    [['firewall', 'nme=t'], 'cannot list firewall: nme: is not a property to filter by; did you mean name?'],
    [['firewall', 'family=inett'], /^cannot list firewall: family: .*; did you mean inet\?$/],
    [['connections', 'mrk=4'], 'connections: mrk: is not a property to filter by; did you mean mark?'],
    [['connections', 'abc'], 'connections: mark: expected a number, not "abc"'],
    [['routes', '10.0.0.0/33'], "cannot list routes: to: '10.0.0.0/33' has a prefix length over 32"],
    [['rules', 'from=10.0.0.0/40'], "cannot list rules: from: '10.0.0.0/40' has a prefix length over 32"],
    [['addresses', 'address=2001:db8::/129'], "cannot list addresses: address: '2001:db8::/129' has a prefix length over 128"],
    [['neighbours', 'address=10.0.0.300'], "cannot list neighbours: address: '10.0.0.300' is not an IP address"],
    [['monitor', '--buffer', '8G'], 'monitor: --buffer 8G is not a size; expected bytes, at most 1023M, such as 262144, 256k or 16M'],
    [['decode', '--protocol', 'rout', '/no/such/file'], /^--protocol rout: .*did you mean route\?$/],
    [['trace'], 'trace: expected a command after --, or -p and the number of a process'],
    [['record', '/no/such/folder/file', 'lnks'], 'record: lnks is not a table; did you mean links?'],
    [['replay', '/no/such/file', '--speed', '0'], 'replay: --speed 0 is not a positive number'],
    [['do', 'rt-link', 'getlink', '{lo'], /^the request is not valid JSON: /],
    [['listen', 'rt-link', 'rtnlgrp-lnk'], 'the family rt-link has no group rtnlgrp-lnk; did you mean rtnlgrp-link?'],
  ] as const) {
    it(`exits with 64 and one line: ${argv.join(' ')}`, async function () {
      if (String(message).includes('nor in this kernel')) needsMoreThanEmulator(this, 'has no generic netlink');
      const { code, out, err } = await runCli(...argv);
      expect({ code, out }).to.deep.equal({ code: 64, out: '' });
      const [line, ...others] = err.split('\n');
      expect(others).to.deep.equal(['']);
      if (typeof message === 'string') expect(line).to.equal(`rxnetlink: ${message}`);
      else expect(line!.replace(/^rxnetlink: /, '')).to.match(message);
    });
  }

  for (const [argv, message] of [
    [['links', '--netns', 'no-such-namespace'], /^rxnetlink: cannot list links: .*no-such-namespace/],
    [['links', 'no-such-link'], /^rxnetlink: cannot get link no-such-link: /],
    [['addresses', 'no-such-link'], /^rxnetlink: cannot list addresses: link: no link is named 'no-such-link'/],
    [['addresses', '10.0.0.1'], /: no link is named '10\.0\.0\.1'; a word alone is the property link: write address=10\.0\.0\.1$/],
    [['neighbours', '10.0.0.1'], /: no link is named '10\.0\.0\.1'; a word alone is the property link: write address=10\.0\.0\.1$/],
    [['decode', '/no/such/file'], /^rxnetlink: cannot open \/no\/such\/file: it does not exist$/],
    [['plan', '/no/such/file'], /^rxnetlink: cannot open \/no\/such\/file: it does not exist$/],
  ] as const) {
    it(`exits with 1 and one line: ${argv.join(' ')}`, async function () {
      if (['no-such-link', '10.0.0.1'].includes(argv[1]) && hostOrder === 'big')
        needsMoreThanEmulator(this, 'does not swap the bytes of every request');
      const { code, out, err } = await runCli(...argv);
      expect({ code, out }).to.deep.equal({ code: 1, out: '' });
      expect(err.split('\n')).to.have.length(2);
      expect(err.trimEnd()).to.match(message);
    });
  }

  it('accepts options before the command', async () => {
    const { code, err } = await runCli('--netns', 'no-such-namespace', '--json', 'links');
    expect(code).to.equal(1);
    expect(err).to.match(/^rxnetlink: cannot list links: .*no-such-namespace/);
  });
});
