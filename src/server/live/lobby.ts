/** Where connections become peers: tokens are read, rooms entered, and broken connections taken up again. */
import { timingSafeEqual } from 'node:crypto';
import type { AnswerData, RequestData } from '../../live/protocol.ts';
import type { RoomRouter } from '../sfu/worker-pool.ts';
import type { HeldBack } from './held-back.ts';
import type { Limits } from './limits.ts';
import { Peer } from './peer.ts';
import type { MediaPlace, PeerSocket } from './peer-ports.ts';
import { Refused } from './refused.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import type { Tokens } from './tokens.ts';

/** Alarms of before that a newcomer is told of. */
const ALARMS_TOLD = 50;

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
    private readonly listen: MediaPlace,
    private readonly heldBack: HeldBack,
  ) {}

  /**
   * Joins, or takes up again.
   * @param address it comes from
   * @param routerOf finds the newcomer its router
   * @throws Refused whatever `routerOf` throws, and `unauthorised`, `expired`, `too-many`, `too-fast`, `held-back`, `malformed`, `not-ready`
   */
  async join(
    { token, name, resume }: RequestData<'join'>,
    socket: PeerSocket,
    address: string,
    routerOf: (room: Room) => Promise<RoomRouter> = (room) => room.router(),
  ): Promise<{ peer: Peer; answer: AnswerData<'join'> }> {
    const grant = await this.tokens.read(token);
    if (this.heldBack.holds(`sent ${grant.id}`)) throw new Refused('too-fast');
    if (this.heldBack.holds(`room ${grant.room}`, `token ${grant.id}`)) throw new Refused('held-back');
    if (resume) {
      const peer = this.rooms.find(grant.room)?.peers.get(resume.peer);
      if (peer && sameText(peer.key, resume.key) && peer.grant.role === grant.role) {
        peer.attach(socket);
        peer.renew(grant);
        return { peer, answer: this.#answer(peer, true) };
      }
    }
    const called = grant.name ?? name;
    // A vehicle without a name could not be told from another.
    if (grant.role === 'publish' && !called) throw new Refused('malformed');
    this.#roomFor(grant.id, address);
    const room = this.rooms.enter(grant.room);
    try {
      await room.ready;
      const router = await routerOf(room);
      this.#roomFor(grant.id, address);
      const peer = new Peer(room, router, grant, called ?? 'Viewer', address, this.listen);
      room.admit(peer);
      peer.attach(socket);
      return { peer, answer: this.#answer(peer, false) };
    } catch (thrown) {
      this.rooms.release(room);
      throw thrown;
    }
  }

  /** Bounds belong to whoever comes: many rooms, or many connections, are no way around them. @throws Refused `too-many` */
  #roomFor(token: string, address: string): void {
    const of = { token: 0, address: 0 };
    for (const peer of this.rooms.peers()) {
      if (peer.grant.id === token) of.token++;
      if (peer.address === address) of.address++;
    }
    const { peersPerToken, peersPerAddress } = this.limits;
    if (of.token >= peersPerToken || of.address >= peersPerAddress) throw new Refused('too-many');
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
      expires: grant.expires,
      share: grant.share,
      alarmRules: [...this.rooms.alarms.rulesOf(room.name)],
      alarms: looks ? this.rooms.alarms.list(room.name).slice(-ALARMS_TOLD) : [],
    };
  }
}
