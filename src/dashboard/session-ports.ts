/** What a session needs of the browser: its WebSocket, its WebRTC, and a token for the room. */
import { Device } from 'mediasoup-client';
import { CarriagewayError } from '../errors';
import { askForCaptureTimes } from '../live/capture-times';
import { type Role, SOCKET_PATH, TOKEN_PATH, tokenAnswer } from '../live/protocol';
import type { SessionPorts } from '../live/session';

/**
 * Asks the server for a token. Without a secret it gives one to its own machine; with one it asks who wants it.
 * @param bearer an invitation whose holder may invite, or the server's secret
 * @throws CarriagewayError `live-token-missing`, `live-unreachable`, `live-not-ready`
 */
export async function requestToken(
  wish: { readonly room: string; readonly role: Role; readonly seconds?: number },
  bearer: string | null,
): Promise<string> {
  let response: Response;
  try {
    response = await fetch(TOKEN_PATH, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify(wish),
    });
  } catch (cause) {
    throw new CarriagewayError('live-unreachable', '', { cause });
  }
  if (response.status === 401 || response.status === 403) throw new CarriagewayError('live-token-missing');
  if (response.status === 404)
    throw new CarriagewayError('live-unreachable', 'this server has no live rooms');
  const answer = tokenAnswer.safeParse(response.ok ? await response.json() : null);
  if (!answer.success) throw new CarriagewayError('live-unreachable', `status ${response.status}`);
  return answer.data.token;
}

/** Ports of a session in this browser. @param given the invitation's token, if there is one */
export function sessionPorts(room: string, role: Role, given: string | null): SessionPorts {
  const url = new URL(SOCKET_PATH, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return {
    url: url.href,
    Socket: WebSocket,
    token: async () => given ?? requestToken({ room, role }, null),
    createDevice: async () => {
      askForCaptureTimes();
      try {
        return await Device.factory();
      } catch (cause) {
        throw new CarriagewayError('live-unsupported', '', { cause });
      }
    },
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
  };
}
