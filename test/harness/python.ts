/** Debian's Python, for clients that nobody here wrote. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../src/server/prepare.mjs';

/** Debian's: its packages are not those of another one that may come first. */
export const PYTHON = '/usr/bin/python3';

/** Whether there is aiortc. */
export const AIORTC = spawnSync(PYTHON, ['-c', 'import aiortc']).status === 0;

/** A vehicle by WHIP, made with aiortc. */
export const WHIP_PUBLISHER = join(ROOT, 'test', 'harness', 'whip_publisher.py');
