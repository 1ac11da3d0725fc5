/**
 * A server of live rooms as a process of its own, for tests that kill one: `node --import tsx live-node.ts REDIS SECRET
 * FOLDER` prints its address and runs until it is ended. Each may be left out; FOLDER is where recordings lie.
 */
import { serveLive } from './live.ts';

const [redis = '', secret, folder] = process.argv.slice(2);
const server = await serveLive({
  redis: redis === '' ? null : redis,
  ...(secret === undefined ? {} : { secret }),
  ...(folder === undefined ? {} : { recording: { folder, keep: { bytes: 1e9, age: 86_400_000 } } }),
});
console.log(server.url);
// Started with a channel to its parent, it ends with it, however that ends.
process.on('disconnect', () => process.exit());
