/**
 * A network that lets one address through and nobody else: it stands in front of a server's UDP port, at the same port
 * of another address. Nothing listens there for TCP, so that this is refused by the system.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Owns its sockets. */
export class UdpFirewall implements AsyncDisposable {
  /** Datagrams that were let through, and that were not. */
  passed = 0;
  refused = 0;
  /** A way to the server for each port that may pass. */
  readonly #ways = new Map<number, Socket>();

  private constructor(
    private readonly front: Socket,
    private readonly allowed: string,
    private readonly behind: string,
  ) {
    front.on('message', (packet, from) => this.#arrived(packet, from));
  }

  /**
   * @param front the address that clients are told
   * @param allowed the only one that may come
   * @param behind where the server listens
   * @param port of the server, and of this
   */
  static async open(front: string, allowed: string, behind: string, port: number): Promise<UdpFirewall> {
    const socket = createSocket('udp4').bind(port, front);
    await once(socket, 'listening');
    return new UdpFirewall(socket, allowed, behind);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.front.close();
    for (const way of this.#ways.values()) way.close();
    this.#ways.clear();
  }

  #arrived(packet: Buffer, { address, port }: RemoteInfo): void {
    if (address !== this.allowed) {
      this.refused++;
      return;
    }
    this.passed++;
    let way = this.#ways.get(port);
    if (!way) {
      way = createSocket('udp4');
      way.on('message', (answer) => this.front.send(answer, port, address));
      this.#ways.set(port, way);
    }
    way.send(packet, this.front.address().port, this.behind);
  }
}
