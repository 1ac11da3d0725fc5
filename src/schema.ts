/**
 * zod, told never to make functions of text: the page's policy forbids that, and even the attempt would be reported as
 * a violation. Whatever runs in a page takes zod from here.
 */
import { z } from 'zod';

z.config({ jitless: true });

export { z };
