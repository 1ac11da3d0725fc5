/**
 * How long a condition may take to come true, for `vi.waitFor`: its own second is too little for a busy machine, and
 * whatever never comes true fails all the same.
 */
export const SOON = { timeout: 20_000, interval: 50 };
