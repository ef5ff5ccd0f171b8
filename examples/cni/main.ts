/*
 * A CNI plugin: connects containers to a bridge. A container runtime starts it; README.md shows how to call it from a shell.
 */
import { text } from 'node:stream/consumers';
import { network } from 'rxnetlink/network';
import { runPlugin } from './plugin.js';

runPlugin(process.env, await text(process.stdin), network()).subscribe(({ output, exitCode }) => {
  if (output !== undefined) console.log(JSON.stringify(output));
  process.exitCode = exitCode;
});
