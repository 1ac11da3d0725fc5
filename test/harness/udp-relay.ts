/** A way for datagrams that can change, as behind a NAT: what is sent to it goes on from a port of its own. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Owns its sockets. */
export class UdpRelay implements AsyncDisposable {
  #out: Socket;

  private constructor(
    private readonly entrance: Socket,
    out: Socket,
    to: { readonly address: string; readonly port: number },
  ) {
    this.#out = out;
    entrance.on('message', (packet) => this.#out.send(packet, to.port, to.address));
  }

  static async open(to: { readonly address: string; readonly port: number }): Promise<UdpRelay> {
    const entrance = createSocket('udp4').bind(0, '127.0.0.1');
    await once(entrance, 'listening');
    return new UdpRelay(entrance, createSocket('udp4'), to);
  }

  /** Where to send. */
  get port(): number {
    return this.entrance.address().port;
  }

  /** Goes on from another port. */
  change(): void {
    this.#out.close();
    this.#out = createSocket('udp4');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.entrance.close();
    this.#out.close();
  }
}
