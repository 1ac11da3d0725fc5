/**
 * Pictures from process to process, on one host or many: the one that needs a picture opens a pipe on its router, asks
 * the one that has it (over HTTP, with a token of their common secret) to do the same, and the two are connected. The
 * pipe is encrypted (SRTP): between hosts there may be anybody.
 */
import type { types } from 'mediasoup';
import { z } from 'zod';
import type { Listen } from '../sfu/listen.ts';
import type { RoomRouter } from '../sfu/worker-pool.ts';
import type { Directory, Listing, Node, Revocation } from './directory.ts';
import { Refused } from './refused.ts';
import type { Tokens } from './tokens.ts';

/** Path at which a process asks another for a picture. */
export const PIPE_PATH = '/live/pipes';

/** Milliseconds in which a neighbour has to answer. */
const ANSWER_LIMIT = 5000;

const end = z.object({
  ip: z.string().max(64),
  port: z.int().min(1).max(65_535),
  srtpParameters: z.object({
    cryptoSuite: z.enum([
      'AEAD_AES_256_GCM',
      'AEAD_AES_128_GCM',
      'AES_CM_128_HMAC_SHA1_80',
      'AES_CM_128_HMAC_SHA1_32',
    ]),
    keyBase64: z.string().max(128),
  }),
});

/** What is asked for. */
export const pipeRequest = end.extend({
  room: z.string().max(64),
  vehicle: z.string().max(64),
  node: z.string().max(64),
});

const pipeAnswer = end.extend({ rtpParameters: z.record(z.string(), z.unknown()) });

/** The other processes. Owns the pipes' far ends that this process gave out. */
export class Neighbours {
  readonly #given = new Map<types.PipeTransport, string>();

  constructor(
    readonly directory: Directory,
    private readonly tokens: Tokens,
    private readonly listen: Listen,
    onRevoked: (revocations: readonly Revocation[]) => void = () => {},
  ) {
    directory.listen({
      nodes: (alive) => {
        for (const [transport, node] of this.#given) if (!alive.has(node)) transport.close();
      },
      revoked: onRevoked,
    });
  }

  /** Pictures that go to other processes now. */
  get given(): number {
    return this.#given.size;
  }

  /**
   * Brings a picture of another process to a router of this one.
   * @returns its producer; closing it closes the pipe
   * @throws Refused `not-found`, `failed`
   */
  async fetch(room: string, { vehicle, node }: Listing, to: RoomRouter): Promise<types.Producer> {
    const transport = await this.#pipe(to.router);
    try {
      const there = await this.#ask(node, {
        ...this.#endOf(transport),
        room,
        vehicle: vehicle.id,
        node: this.directory.self.id,
      });
      const { ip, port, srtpParameters, rtpParameters } = there;
      await transport.connect({ ip, port, srtpParameters });
      const producer = await transport.produce({
        id: vehicle.id,
        kind: 'video',
        rtpParameters: rtpParameters as unknown as types.RtpParameters,
      });
      producer.observer.once('close', () => transport.close());
      return producer;
    } catch (thrown) {
      transport.close();
      throw thrown instanceof Refused ? thrown : new Refused('failed');
    }
  }

  /** Whether a token is another process's, for this very picture of ours, and shown for the first time. */
  knows(token: string, { room, vehicle, node }: z.output<typeof pipeRequest>): Promise<boolean> {
    return this.tokens.isNode(token, { room, vehicle, from: node, to: this.directory.self.id });
  }

  /**
   * Gives a picture to another process.
   * @throws Refused `not-found`
   */
  async give(
    room: { homeOf(vehicle: string): { readonly home: RoomRouter } | undefined } | undefined,
    request: z.output<typeof pipeRequest>,
  ): Promise<z.output<typeof pipeAnswer>> {
    const sent = room?.homeOf(request.vehicle);
    if (!sent) throw new Refused('not-found');
    const transport = await this.#pipe(sent.home.router);
    this.#given.set(transport, request.node);
    transport.observer.once('close', () => this.#given.delete(transport));
    try {
      const { ip, port, srtpParameters } = request;
      await transport.connect({ ip, port, srtpParameters });
      const consumer = await transport.consume({ producerId: request.vehicle });
      consumer.observer.once('close', () => transport.close());
      return { ...this.#endOf(transport), rtpParameters: { ...consumer.rtpParameters } };
    } catch (thrown) {
      transport.close();
      throw thrown;
    }
  }

  close(): void {
    for (const transport of [...this.#given.keys()]) transport.close();
  }

  async #pipe(router: types.Router): Promise<types.PipeTransport> {
    const { address, announced } = this.listen;
    const [first] = announced;
    return router.createPipeTransport({
      listenInfo: { protocol: 'udp', ip: address, ...(first ? { announcedAddress: first } : {}) },
      enableSrtp: true,
      // Lost packets are sent again between hosts, as they are to viewers.
      enableRtx: true,
    });
  }

  #endOf(transport: types.PipeTransport): z.output<typeof end> {
    const { localAddress, localPort } = transport.tuple;
    const srtp = transport.srtpParameters;
    if (!srtp) throw new Error('A pipe has no SRTP parameters.');
    return {
      ip: this.listen.announced[0] ?? localAddress,
      port: localPort,
      srtpParameters: { cryptoSuite: srtp.cryptoSuite, keyBase64: srtp.keyBase64 },
    };
  }

  async #ask(node: Node, request: z.output<typeof pipeRequest>): Promise<z.output<typeof pipeAnswer>> {
    const response = await fetch(new URL(PIPE_PATH, node.url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await this.tokens.issueForNode({
          room: request.room,
          vehicle: request.vehicle,
          from: request.node,
          to: node.id,
        })}`,
      },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(ANSWER_LIMIT),
    });
    if (response.status === 404) throw new Refused('not-found');
    if (!response.ok) throw new Refused('failed');
    return pipeAnswer.parse(await response.json());
  }
}
