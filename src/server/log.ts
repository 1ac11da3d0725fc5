/**
 * The server's log: a JSON object a line, by pino, which is what Fastify logs with. Lines of live rooms say which
 * connection, which room and, in place of a token, the first digits of its hash, by which two lines can be known to be
 * of one invitation without the invitation being known.
 */
import { createHash } from 'node:crypto';
import { type DestinationStream, type Logger, pino } from 'pino';

/** Where the parts of a server write. */
export type Log = Logger;

/** Levels that can be asked for. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Writes nothing: for servers that nobody asked for a log. */
export const NO_LOG: Log = pino({ level: 'silent' });

/**
 * Opens the log.
 * @param destination the error output, if left out: what is meant for people goes to the other
 */
export function openLog(level: LogLevel, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

/** What stands for a token in a log: twelve hexadecimal digits of its SHA-256. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 12);
}
