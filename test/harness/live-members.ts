/** Members of rooms on a server that is closed with the test, for tests of what they may do. */
import { afterEach, vi } from 'vitest';
import type { Role } from '../../src/live/protocol';
import { type Client, join, type LiveServer, type LiveServerOptions, serveLive } from './live';

/** A viewer's capabilities, as a browser's look to the server. */
export const CAPABILITIES = {
  codecs: [
    {
      mimeType: 'video/VP8',
      kind: 'video',
      clockRate: 90_000,
      preferredPayloadType: 96,
      parameters: {},
      rtcpFeedback: [],
    },
  ],
  headerExtensions: [],
};

/** A data channel as a browser asks for it. */
export const CHANNEL = { streamId: 0, ordered: false, maxRetransmits: 0 };

/** What tests of one file use; everything is closed after each test. */
export function members() {
  const open: (Disposable | AsyncDisposable)[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse())
      if (Symbol.asyncDispose in each) await each[Symbol.asyncDispose]();
      else each[Symbol.dispose]();
  });
  return {
    /** Closes this, too. */
    keep<T extends Disposable | AsyncDisposable>(each: T): T {
      open.push(each);
      return each;
    },
    async serve(options: LiveServerOptions = {}): Promise<LiveServer> {
      const server = await serveLive(options);
      open.push(server);
      return server;
    },
    /** @param given a token; one is asked for without */
    async enter(server: LiveServer, role: Role, { room = 'a', name = 'Van', given = '' } = {}) {
      const client = await join(
        server.url,
        room,
        role,
        role === 'publish' ? name : undefined,
        given === '' ? undefined : given,
      );
      open.push(client);
      return client;
    },
  };
}

/** Waits until a client has heard of something. */
export async function heard(client: Client, event: string): Promise<Client['heard'][number]> {
  return vi.waitFor(
    () => {
      const found = client.heard.find((each) => each.event === event);
      if (!found) throw new Error(`${event} was never heard`);
      return found;
    },
    { timeout: 20_000 },
  );
}
