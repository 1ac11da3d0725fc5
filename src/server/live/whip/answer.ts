/** What is answered to an offer of WHIP or WHEP (SDP, RFC 8866): the picture one way, everything else not at all. */
import type { types } from 'mediasoup';
import { type MediaDescription, type SessionDescription, write } from 'sdp-transform';
import { midOf, type Offer } from './offer.ts';

/** The way here. */
export interface Way {
  readonly ice: types.IceParameters;
  readonly candidates: readonly types.IceCandidate[];
  readonly dtls: types.DtlsParameters;
}

/** How the picture goes. */
export interface Picture {
  readonly direction: 'sendonly' | 'recvonly';
  readonly parameters: types.RtpParameters;
}

/** Writes the answer. @param id number of the session */
export function writeAnswer(offer: Offer, way: Way, picture: Picture, id: string): string {
  const sections = offer.sections.map((section) =>
    section === offer.picture ? pictureSection(offer, way, picture) : unwanted(section, offer, way),
  );
  const carried = sections.filter(({ port }) => port !== 0);
  const description: SessionDescription = {
    version: 0,
    origin: {
      username: '-',
      // RFC 8866, 5.2: digits alone.
      sessionId: String(BigInt(`0x${id.replaceAll('-', '').slice(0, 15)}`)),
      sessionVersion: 1,
      netType: 'IN',
      ipVer: 4,
      address: '0.0.0.0',
    },
    name: '-',
    timing: { start: 0, stop: 0 },
    icelite: 'ice-lite',
    ...(offer.bundled ? { groups: [{ type: 'BUNDLE', mids: carried.map(midOf).join(' ') }] } : {}),
    media: sections,
  };
  return write(description);
}

/** What a session answers to a restart (RFC 8840): the new way here. */
export function writeFragment({ picture }: Offer, way: Way): string {
  const { type, protocol } = picture;
  const lines = [
    'a=ice-lite',
    `m=${type} 9 ${protocol} ${picture.payloads ?? '0'}`,
    ...(midOf(picture) === '' ? [] : [`a=mid:${midOf(picture)}`]),
    `a=ice-ufrag:${way.ice.usernameFragment}`,
    `a=ice-pwd:${way.ice.password}`,
    ...way.candidates.map((each) => {
      const tcp = each.tcpType ? ` tcptype ${each.tcpType}` : '';
      return `a=candidate:${each.foundation} 1 ${each.protocol} ${each.priority} ${each.address} ${each.port} typ ${each.type}${tcp}`;
    }),
    'a=end-of-candidates',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function pictureSection(offer: Offer, way: Way, { direction, parameters }: Picture): MediaDescription {
  const { picture: offered } = offer;
  const { codecs, headerExtensions = [], encodings = [], rtcp } = parameters;
  const layers = encodings.flatMap(({ rid }) => (rid === undefined ? [] : [rid]));
  const formats = codecs.flatMap(({ payloadType, parameters: format = {} }) => {
    const entries = Object.entries(format).filter(([, value]) => value !== undefined);
    const config = entries.map(([name, value]) => (value === '' ? name : `${name}=${String(value)}`));
    return config.length === 0 ? [] : [{ payload: payloadType, config: config.join(';') }];
  });
  return {
    type: offered.type,
    port: 9,
    protocol: offered.protocol,
    payloads: codecs.map(({ payloadType }) => payloadType).join(' '),
    connection: { version: 4, ip: '0.0.0.0' },
    ...(offered.mid === undefined ? {} : { mid: offered.mid }),
    direction,
    ...transport(offer, way),
    rtcpMux: 'rtcp-mux',
    rtcpRsize: 'rtcp-rsize',
    rtp: codecs.map(({ payloadType, mimeType, clockRate }) => ({
      payload: payloadType,
      codec: mimeType.replace('video/', ''),
      rate: clockRate,
    })),
    fmtp: formats,
    rtcpFb: codecs.flatMap(({ payloadType, rtcpFeedback = [] }) =>
      rtcpFeedback.map(({ type, parameter }) => ({
        payload: payloadType,
        type,
        ...(parameter ? { subtype: parameter } : {}),
      })),
    ),
    ext: headerExtensions.map(({ uri, id }) => ({ value: id, uri })),
    ...(direction === 'sendonly' ? numbers(encodings, rtcp?.cname ?? '') : {}),
    ...(layers.length > 1
      ? {
          rids: layers.map((rid) => ({ id: rid, direction: 'recv' })),
          simulcast: { dir1: 'recv' as const, list1: layers.join(';') },
        }
      : {}),
  };
}

/** The way here, as each section tells it that may be the one which is read. */
function transport({ dtls: theirs }: Offer, { ice, candidates, dtls }: Way): Partial<MediaDescription> {
  const fingerprint = dtls.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  return {
    iceUfrag: ice.usernameFragment,
    icePwd: ice.password,
    candidates: candidates.map(({ foundation, priority, address, protocol, port, type, tcpType }) => ({
      foundation,
      component: 1,
      transport: protocol,
      priority,
      ip: address,
      port,
      type,
      ...(tcpType ? { tcptype: tcpType } : {}),
    })),
    endOfCandidates: 'end-of-candidates',
    // Whoever leaves the choice begins.
    setup: theirs.role === 'client' ? 'passive' : 'active',
    ...(fingerprint ? { fingerprint: { type: fingerprint.algorithm, hash: fingerprint.value } } : {}),
  };
}

/** By which numbers a picture comes. */
function numbers(
  encodings: readonly types.RtpEncodingParameters[],
  cname: string,
): Pick<MediaDescription, 'msid' | 'ssrcs' | 'ssrcGroups'> {
  const [{ ssrc = 0, rtx } = {}] = encodings;
  const all = [ssrc, ...(rtx ? [rtx.ssrc] : [])];
  return {
    msid: [{ id: 'carriageway', appdata: 'picture' }],
    ssrcs: all.map((id) => ({ id, attribute: 'cname', value: cname === '' ? 'carriageway' : cname })),
    ...(all.length > 1 ? { ssrcGroups: [{ semantics: 'FID', ssrcs: all.join(' ') }] } : {}),
  };
}

/**
 * A section that nothing goes through. In a bundle it stays, silent: the way of all may be described in it. Data, and
 * whatever would need a way of its own, is refused.
 */
function unwanted(section: MediaDescription, offer: Offer, way: Way): MediaDescription {
  const [first] = section.rtp ?? [];
  const open = section.port !== 0 || section.bundleOnly !== undefined;
  const kept = offer.bundled && first !== undefined && open;
  return {
    type: section.type,
    port: kept ? 9 : 0,
    protocol: section.protocol,
    payloads: String(section.payloads ?? '0').split(' ')[0] ?? '0',
    connection: { version: 4, ip: '0.0.0.0' },
    ...(section.mid === undefined ? {} : { mid: section.mid }),
    rtp: first ? [first] : [],
    fmtp: [],
    direction: 'inactive',
    ...(kept ? { ...transport(offer, way), rtcpMux: 'rtcp-mux' as const } : {}),
  };
}
