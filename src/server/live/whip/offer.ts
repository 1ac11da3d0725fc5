/**
 * What a client of WHIP or WHEP offers (SDP, RFC 8866), read with care: it comes from outside. Only the first picture is
 * taken; sound and data are answered as not wanted.
 */
import type { types } from 'mediasoup';
import * as ortc from 'mediasoup/ortc';
import { type MediaDescription, parse, parseParams, parseSimulcastStreamList } from 'sdp-transform';
import { Refused } from '../refused.ts';

/** Sections of media that are looked at, and codecs of one: browsers offer fewer than half as many. */
const SECTIONS_MAX = 16;
const CODECS_MAX = 128;

/** Layers of one picture. */
const LAYERS_MAX = 4;

/** Numbers that any codec may have (RFC 3551, 6). */
export const DYNAMIC_TYPES: readonly number[] = Array.from({ length: 32 }, (_, i) => 96 + i);

/** What is no picture by itself. */
const AUXILIARY = /^(rtx|red|ulpfec|flexfec-03)$/i;

/** What the other side says of itself, in an offer or a fragment of one. */
export interface IceUser {
  readonly user: string;
}

/** An offer. */
export interface Offer extends IceUser {
  /** All sections, in their order; an answer has as many. */
  readonly sections: readonly MediaDescription[];
  /** The picture's, one of them. */
  readonly picture: MediaDescription;
  /** Whether all sections may go one way. */
  readonly bundled: boolean;
  /** Of the other side: `client` also where it leaves the choice. */
  readonly dtls: types.DtlsParameters & { readonly role: 'client' | 'server' };
}

/**
 * Reads an offer.
 * @param role what the other side wants to do with its picture
 * @throws Refused `malformed`; `unsupported` when there is no such picture in it
 */
export function readOffer(text: string, role: 'send' | 'receive'): Offer {
  const session = parsed(text);
  const picture = session.media.find((section) => isPicture(section, role));
  if (!picture) throw new Refused('unsupported');
  const user = picture.iceUfrag ?? session.iceUfrag;
  const fingerprint = picture.fingerprint ?? session.fingerprint;
  const setup = picture.setup ?? session.setup;
  if (user === undefined || !fingerprint || !setup) throw new Refused('malformed');
  return {
    sections: session.media,
    picture,
    bundled: (session.groups ?? []).some(
      ({ type, mids }) => type === 'BUNDLE' && String(mids).split(' ').includes(midOf(picture)),
    ),
    // A number in the text is one after parsing, too.
    user: String(user),
    dtls: {
      role: setup === 'passive' ? 'server' : 'client',
      fingerprints: [
        {
          algorithm: fingerprint.type.toLowerCase() as types.FingerprintAlgorithm,
          value: fingerprint.hash.toUpperCase(),
        },
      ],
    },
  };
}

/** Reads a fragment (RFC 8840). @returns null user where it names none @throws Refused `malformed` */
export function readFragment(text: string): { readonly user: string | null } {
  const session = parsed(`v=0\r\n${text}`);
  const user = session.iceUfrag ?? session.media.find((each) => each.iceUfrag !== undefined)?.iceUfrag;
  return { user: user === undefined ? null : String(user) };
}

/** Name of a section (RFC 5888). */
export function midOf(section: MediaDescription): string {
  return section.mid === undefined ? '' : String(section.mid);
}

/**
 * How the picture is sent, by the first codec of the other side's that a router carries.
 * @param capabilities of the router
 * @throws Refused `unsupported`
 */
export function sendingParameters(
  { picture }: Offer,
  capabilities: types.RtpCapabilities,
): types.RtpParameters {
  for (const { payload } of mainCodecs(picture)) {
    const codecs = withRetransmission(picture, payload);
    const parameters: types.RtpParameters = {
      ...(midOf(picture) === '' ? {} : { mid: midOf(picture) }),
      codecs,
      encodings: encodingsOf(picture, codecs.length > 1),
      headerExtensions: extensionsOf(picture, capabilities),
      rtcp: { cname: cnameOf(picture), reducedSize: picture.rtcpRsize !== undefined },
    };
    if (carries(parameters, capabilities)) return parameters;
  }
  throw new Refused('unsupported');
}

/**
 * What the other side can receive of a picture: the one codec that it is in.
 * @param picture as the router knows it
 * @throws Refused `unsupported`
 */
export function receivingCapabilities(
  { picture: section }: Offer,
  picture: types.RtpParameters,
): types.RtpCapabilities & { codecs: types.RtpCodecCapability[] } {
  for (const { payload } of mainCodecs(section)) {
    const codecs = withRetransmission(section, payload)
      // What comes again can have one of these numbers only: see `own-router.ts`.
      .filter(({ payloadType }) => payloadType === payload || DYNAMIC_TYPES.includes(payloadType))
      .map(({ payloadType, ...codec }) => ({
        ...codec,
        kind: 'video' as const,
        preferredPayloadType: payloadType,
      }));
    const headerExtensions = (section.ext ?? [])
      .filter((ext) => ext['encrypt-uri'] === undefined)
      .map((ext) => ({
        kind: 'video' as const,
        uri: ext.uri as types.RtpHeaderExtensionUri,
        preferredId: ext.value,
      }));
    const capabilities = { codecs, headerExtensions };
    if (ortc.canConsume(structuredClone(picture), structuredClone(capabilities))) return capabilities;
  }
  throw new Refused('unsupported');
}

function parsed(text: string): ReturnType<typeof parse> {
  let session: ReturnType<typeof parse>;
  try {
    session = parse(text);
  } catch {
    throw new Refused('malformed');
  }
  const { media } = session;
  if (media.length > SECTIONS_MAX || media.some(({ rtp }) => (rtp?.length ?? 0) > CODECS_MAX))
    throw new Refused('malformed');
  return session;
}

function isPicture(section: MediaDescription, role: 'send' | 'receive'): boolean {
  const { type, protocol, port, bundleOnly, direction = 'sendrecv', rtcpMux } = section;
  const wanted = role === 'send' ? 'sendonly' : 'recvonly';
  return (
    type === 'video' &&
    /^UDP\/TLS\/RTP\/SAVPF?$/.test(protocol) &&
    (port !== 0 || bundleOnly !== undefined) &&
    (direction === wanted || direction === 'sendrecv') &&
    rtcpMux !== undefined
  );
}

function mainCodecs(section: MediaDescription): MediaDescription['rtp'] {
  return section.rtp.filter(({ codec, rate }) => !AUXILIARY.test(codec) && rate === 90_000);
}

/** A codec, and what sends its lost packets again, if anything does. */
function withRetransmission(section: MediaDescription, payload: number): types.RtpCodecParameters[] {
  const again = section.rtp.find(
    ({ codec, payload: own }) => /^rtx$/i.test(codec) && formatOf(section, own).apt === payload,
  );
  return [payload, ...(again ? [again.payload] : [])].flatMap((payloadType) => {
    const rtp = section.rtp.find((each) => each.payload === payloadType);
    if (!rtp) return [];
    return {
      mimeType: `video/${rtp.codec}` as const,
      payloadType,
      clockRate: 90_000,
      parameters: formatOf(section, payloadType),
      rtcpFeedback: feedbackOf(section, payloadType),
    };
  });
}

/** Parameters of a codec. */
function formatOf(section: MediaDescription, payload: number): Record<string, string | number | undefined> {
  const config = section.fmtp?.find((each) => each.payload === payload)?.config;
  const parameters = config === undefined ? {} : parseParams(config);
  const profile = parameters['profile-level-id'];
  // All digits by chance, such as 640033.
  return profile === undefined ? parameters : { ...parameters, 'profile-level-id': String(profile) };
}

function feedbackOf(section: MediaDescription, payload: number): types.RtcpFeedback[] {
  const auxiliary = section.rtp.some((each) => each.payload === payload && AUXILIARY.test(each.codec));
  return (section.rtcpFb ?? [])
    .filter((each) => Number(each.payload) === payload || (each.payload === '*' && !auxiliary))
    .map(({ type, subtype }) => ({ type, ...(subtype === undefined ? {} : { parameter: subtype }) }));
}

/** Layers by name (RFC 8853), or one by number; where it has neither, its packets name the section. */
function encodingsOf(section: MediaDescription, again: boolean): types.RtpEncodingParameters[] {
  const { simulcast, ssrcs = [], ssrcGroups = [] } = section;
  if (simulcast?.dir1 === 'send') {
    const names = parseSimulcastStreamList(simulcast.list1).flatMap(([first]) => (first ? [first] : []));
    if (names.length > 1) return names.slice(0, LAYERS_MAX).map(({ scid }) => ({ rid: String(scid) }));
  }
  const pair = ssrcGroups.find(({ semantics }) => semantics === 'FID');
  const [ssrc, second] = pair ? String(pair.ssrcs).split(' ').map(Number) : [ssrcs[0]?.id];
  if (ssrc === undefined || !Number.isInteger(ssrc)) return [{}];
  return [{ ssrc, ...(again && second !== undefined ? { rtx: { ssrc: second } } : {}) }];
}

function extensionsOf(
  section: MediaDescription,
  { headerExtensions = [] }: types.RtpCapabilities,
): types.RtpHeaderExtensionParameters[] {
  return (section.ext ?? []).flatMap(({ uri, value, 'encrypt-uri': encrypted }) => {
    const known = headerExtensions.find((each) => each.kind === 'video' && each.uri === uri);
    const heard = known?.direction === 'sendrecv' || known?.direction === 'recvonly';
    return known && heard && encrypted === undefined ? [{ uri: known.uri, id: value }] : [];
  });
}

function cnameOf({ ssrcs = [] }: MediaDescription): string {
  return String(ssrcs.find(({ attribute }) => attribute === 'cname')?.value ?? '').slice(0, 255);
}

function carries(parameters: types.RtpParameters, capabilities: types.RtpCapabilities): boolean {
  try {
    ortc.getProducerRtpParametersMapping(structuredClone(parameters), structuredClone(capabilities));
    return true;
  } catch {
    return false;
  }
}
