/** `npm start` without its preparations, as a process of its own: `node --import tsx serve-process.ts FLAGS`. */
import { serve } from '../../src/server/main.ts';

process.exitCode = await serve(process.argv.slice(2), process.env, () => {});
