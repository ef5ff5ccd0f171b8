// `npm start`: makes a working copy ready and shows this machine's network. One process, so that Ctrl-C reaches the example alone.
import { build, install } from './prepare.mjs';

install();
build();
const { register } = await import('tsx/esm/api');
register();
await import('../examples/monitor.ts');
