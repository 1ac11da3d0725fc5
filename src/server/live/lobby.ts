/** Where connections become peers: tokens are read, rooms entered, and broken connections taken up again. */
import { timingSafeEqual } from 'node:crypto';
import type { AnswerData, RequestData } from '../../live/protocol.ts';
import type { Limits } from './limits.ts';
import { Peer, type PeerSocket } from './peer.ts';
import { Refused } from './refused.ts';
import type { Rooms } from './rooms.ts';
import type { Tokens } from './tokens.ts';

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Admits peers. */
export class Lobby {
  constructor(
    readonly rooms: Rooms,
    readonly tokens: Tokens,
    readonly limits: Limits,
    private readonly listen: { readonly address: string; readonly announced: string | null },
  ) {}

  /**
   * Joins, or takes up again.
   * @throws Refused `unauthorised`, `expired`, `too-many`, `malformed`
   */
  async join(
    { token, name, resume }: RequestData<'join'>,
    socket: PeerSocket,
  ): Promise<{ peer: Peer; answer: AnswerData<'join'> }> {
    const grant = await this.tokens.read(token);
    if (resume) {
      const peer = this.rooms.find(grant.room)?.peers.get(resume.peer);
      if (peer && sameText(peer.key, resume.key) && peer.grant.role === grant.role) {
        peer.attach(socket);
        return { peer, answer: this.#answer(peer, true) };
      }
    }
    // A vehicle without a name could not be told from another.
    if (grant.role === 'publish' && !name) throw new Refused('malformed');
    await this.rooms.opening;
    const room = this.rooms.enter(grant.room);
    try {
      await room.ready;
      const peer = new Peer(room, await room.router(), grant, name ?? 'Viewer', this.listen);
      room.admit(peer);
      peer.attach(socket);
      return { peer, answer: this.#answer(peer, false) };
    } catch (thrown) {
      this.rooms.release(room);
      throw thrown;
    }
  }

  #answer(peer: Peer, resumed: boolean): AnswerData<'join'> {
    const { room, grant } = peer;
    const looks = grant.role === 'view';
    return {
      peer: peer.id,
      key: peer.key,
      resumed,
      role: grant.role,
      room: room.name,
      rtpCapabilities: { ...peer.router.router.rtpCapabilities },
      // Whoever only sends has no business knowing who else does.
      vehicles: looks ? [...room.vehicles] : [],
      sources: looks ? room.sourcesFor(peer).map((id) => ({ id })) : [],
      bitrateMax: this.limits.bitrateMax,
    };
  }
}
