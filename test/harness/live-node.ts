/**
 * A server of live rooms as a process of its own, for tests that kill one: `node --import tsx live-node.ts REDIS SECRET`
 * prints its address and runs until it is ended.
 */
import { serveLive } from './live.ts';

const [redis = null, secret] = process.argv.slice(2);
const server = await serveLive({ redis, ...(secret === undefined ? {} : { secret }) });
console.log(server.url);
// Started with a channel to its parent, it ends with it, however that ends.
process.on('disconnect', () => process.exit());
