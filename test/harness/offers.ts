/** Offers of WHIP and WHEP as a browser makes them, without a browser. */

/** Codecs of a picture in an offer: VP8 as Chromium numbers it, with what sends it again. */
const VP8 = [
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 goog-remb',
  'a=rtcp-fb:96 transport-cc',
  'a=rtcp-fb:96 ccm fir',
  'a=rtcp-fb:96 nack',
  'a=rtcp-fb:96 nack pli',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
];

/** An offer, with what is to be otherwise. */
export interface OfferShape {
  readonly direction?: string;
  /** Lines of the picture's section beyond the usual. */
  readonly lines?: readonly string[];
  /** Its codecs. */
  readonly codecs?: readonly string[];
  readonly payloads?: string;
  readonly setup?: string;
  /** Whether sound is offered before it. */
  readonly sound?: boolean;
  readonly user?: string;
}

/** Of 32 bytes that are nobody's. */
const FINGERPRINT = Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, '0')).join(':');

/** Makes one. */
export function offer(shape: OfferShape = {}): string {
  const { direction = 'sendonly', lines = [], codecs = VP8, payloads = '96 97', setup = 'actpass' } = shape;
  const { sound = false, user = 'abcd' } = shape;
  const way = [
    `a=ice-ufrag:${user}`,
    'a=ice-pwd:0123456789abcdefghijklmn',
    `a=fingerprint:sha-256 ${FINGERPRINT}`,
    `a=setup:${setup}`,
  ];
  const mids = sound ? '0 1' : '1';
  const all = [
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mids}`,
    ...(sound
      ? ['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', ...way, 'a=mid:0', 'a=sendonly', 'a=rtcp-mux']
      : []),
    ...(sound ? ['a=rtpmap:111 opus/48000/2'] : []),
    `m=video 9 UDP/TLS/RTP/SAVPF ${payloads}`,
    'c=IN IP4 0.0.0.0',
    ...way,
    'a=mid:1',
    'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
    'a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
    `a=${direction}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...codecs,
    ...lines,
  ];
  return `${all.join('\r\n')}\r\n`;
}
