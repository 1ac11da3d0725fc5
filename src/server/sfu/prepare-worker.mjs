/**
 * `npm run worker`: makes sure there is a mediasoup worker, and prints where it is as the last line. The server runs
 * this in a process of its own, so that its page is served while a worker is being built; it never has Debian's packages
 * installed (`--install`), which only somebody who asks for a worker does.
 */
import { ensureWorker } from './worker-binary.mjs';

const path = ensureWorker({
  build: !process.argv.includes('--no-build'),
  install: process.argv.includes('--install'),
});
if (path === null) process.exitCode = 1;
else console.log(path);
