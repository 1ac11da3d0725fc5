/** What clients of WHIP and WHEP offer, and what is made of it; no media worker is needed. */
import fc from 'fast-check';
import * as ortc from 'mediasoup/ortc';
import { parse } from 'sdp-transform';
import { describe, expect, test } from 'vitest';
import { Refused } from '../../../../src/server/live/refused';
import { writeAnswer, writeFragment } from '../../../../src/server/live/whip/answer';
import {
  readFragment,
  readOffer,
  receivingCapabilities,
  sendingParameters,
} from '../../../../src/server/live/whip/offer';
import { MEDIA_CODECS } from '../../../../src/server/sfu/codecs';
import { offer } from '../../../harness/offers';

const CAPABILITIES = ortc.generateRouterRtpCapabilities([...MEDIA_CODECS]);

const WAY = {
  ice: { usernameFragment: 'server', password: 'secret', iceLite: true },
  candidates: [
    {
      foundation: 'udpcandidate',
      priority: 1076302079,
      ip: '127.0.0.1',
      address: '127.0.0.1',
      protocol: 'udp' as const,
      port: 40_000,
      type: 'host' as const,
    },
  ],
  dtls: { fingerprints: [{ algorithm: 'sha-256' as const, value: 'AA:BB' }] },
};

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.refusal;
    throw thrown;
  }
  return 'none';
}

describe('an offer to send', () => {
  test('is taken by its first codec that is carried, with what sends it again', () => {
    const lines = ['a=ssrc-group:FID 11 12', 'a=ssrc:11 cname:van', 'a=ssrc:12 cname:van'];
    const parameters = sendingParameters(readOffer(offer({ lines }), 'send'), CAPABILITIES);
    expect(parameters).toMatchObject({
      mid: '1',
      codecs: [
        { mimeType: 'video/VP8', payloadType: 96 },
        { mimeType: 'video/rtx', payloadType: 97, parameters: { apt: 96 } },
      ],
      encodings: [{ ssrc: 11, rtx: { ssrc: 12 } }],
      rtcp: { cname: 'van', reducedSize: true },
    });
    expect(parameters.headerExtensions).toContainEqual({
      uri: 'urn:ietf:params:rtp-hdrext:sdes:mid',
      id: 4,
    });
  });

  test('skips what is not carried, and takes a profile that looks like a number', () => {
    const codecs = [
      'a=rtpmap:45 AV1/90000',
      'a=rtpmap:99 H264/90000',
      'a=fmtp:99 packetization-mode=1;profile-level-id=640033;level-asymmetry-allowed=1',
      'a=rtpmap:100 H264/90000',
      'a=fmtp:100 packetization-mode=1;profile-level-id=42e01f;level-asymmetry-allowed=1',
    ];
    const read = readOffer(offer({ codecs, payloads: '45 99 100' }), 'send');
    const { codecs: taken } = sendingParameters(read, CAPABILITIES);
    expect(taken.map(({ mimeType, payloadType }) => [mimeType, payloadType])).toEqual([['video/H264', 100]]);
  });

  test('may come in layers, of which four are taken', () => {
    const rids = ['a', 'b', 'c', 'd', 'e'];
    const lines = [...rids.map((rid) => `a=rid:${rid} send`), `a=simulcast:send ${rids.join(';')}`];
    const read = readOffer(offer({ lines }), 'send');
    const parameters = sendingParameters(read, CAPABILITIES);
    expect(parameters.encodings).toEqual([{ rid: 'a' }, { rid: 'b' }, { rid: 'c' }, { rid: 'd' }]);
    const answer = parse(writeAnswer(read, WAY, { direction: 'recvonly', parameters }, crypto.randomUUID()));
    expect(answer.media[0]?.simulcast).toEqual({ dir1: 'recv', list1: 'a;b;c;d' });
  });

  test.each([
    ['no session at all', 'hello', 'unsupported'],
    ['nothing', '', 'unsupported'],
    ['no picture', offer().replace('m=video', 'm=audio'), 'unsupported'],
    ['a picture to receive', offer({ direction: 'recvonly' }), 'unsupported'],
    ['two ways for RTP and RTCP', offer().replace('a=rtcp-mux\r\n', ''), 'unsupported'],
    ['no encryption', offer().replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), 'unsupported'],
    ['no fingerprint', offer().replace(/a=fingerprint.*\r\n/, ''), 'malformed'],
    ['nobody of ICE', offer().replace(/a=ice-ufrag.*\r\n/, ''), 'malformed'],
    ['too many sections', offer() + 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\n'.repeat(16), 'malformed'],
    [
      'too many codecs',
      offer({ lines: Array.from({ length: 200 }, (_, i) => `a=rtpmap:${i} X/90000`) }),
      'malformed',
    ],
  ])('with %s is refused', (_, text, expected) => {
    expect(refusal(() => readOffer(text, 'send'))).toBe(expected);
  });

  test('without a codec that is carried is refused', () => {
    const codecs = ['a=rtpmap:96 AV1/90000'];
    const read = readOffer(offer({ codecs, payloads: '96' }), 'send');
    expect(refusal(() => sendingParameters(read, CAPABILITIES))).toBe('unsupported');
  });

  test('of whatever lines is refused in one word or read', () => {
    const line = fc.oneof(
      fc.constantFrom(...offer({ sound: true }).split('\r\n')),
      fc.string({ maxLength: 60 }),
      fc.string({ maxLength: 30 }).map((text) => `a=${text}`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const word = refusal(() => {
          const read = readOffer(lines.join('\r\n'), 'send');
          const parameters = sendingParameters(read, CAPABILITIES);
          writeAnswer(read, WAY, { direction: 'recvonly', parameters }, crypto.randomUUID());
        });
        expect(['none', 'malformed', 'unsupported']).toContain(word);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an answer', () => {
  test('has a section for each that was offered; sound is silent, and can carry the way of all', () => {
    const read = readOffer(offer({ sound: true }), 'send');
    const parameters = sendingParameters(read, CAPABILITIES);
    const text = writeAnswer(read, WAY, { direction: 'recvonly', parameters }, crypto.randomUUID());
    const { media, groups, icelite } = parse(text);
    expect(icelite).toBe('ice-lite');
    expect(groups).toEqual([{ type: 'BUNDLE', mids: '0 1' }]);
    expect(media.map(({ type, port, direction }) => [type, port, direction])).toEqual([
      ['audio', 9, 'inactive'],
      ['video', 9, 'recvonly'],
    ]);
    for (const section of media)
      expect(section).toMatchObject({ iceUfrag: 'server', icePwd: 'secret', setup: 'passive' });
    expect(media[1]).toMatchObject({ payloads: '96 97', rtcpMux: 'rtcp-mux', mid: 1 });
    expect(media[1]?.candidates?.[0]).toMatchObject({ ip: '127.0.0.1', port: 40_000, transport: 'udp' });
  });

  test.each([
    ['actpass', 'passive'],
    ['active', 'passive'],
    ['passive', 'active'],
  ])('to %s is %s', (setup, expected) => {
    const read = readOffer(offer({ setup }), 'send');
    const parameters = sendingParameters(read, CAPABILITIES);
    const text = writeAnswer(read, WAY, { direction: 'recvonly', parameters }, crypto.randomUUID());
    expect(parse(text).media[0]?.setup).toBe(expected);
  });

  test('to a restart names the new way alone', () => {
    const text = writeFragment(readOffer(offer(), 'send'), WAY);
    expect(text.split('\r\n')).toEqual([
      'a=ice-lite',
      'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
      'a=mid:1',
      'a=ice-ufrag:server',
      'a=ice-pwd:secret',
      'a=candidate:udpcandidate 1 udp 1076302079 127.0.0.1 40000 typ host',
      'a=end-of-candidates',
      '',
    ]);
  });
});

test('an offer to receive takes the codec of the picture, by the offered number', () => {
  const codecs = [
    'a=rtpmap:101 H264/90000',
    'a=fmtp:101 packetization-mode=1;profile-level-id=42e01f;level-asymmetry-allowed=1',
    'a=rtpmap:99 VP8/90000',
    'a=rtpmap:50 rtx/90000',
    'a=fmtp:50 apt=99',
  ];
  const read = readOffer(offer({ direction: 'recvonly', codecs, payloads: '101 99 50' }), 'receive');
  const sent = sendingParameters(readOffer(offer(), 'send'), CAPABILITIES);
  // What comes again has a number that no router can be made to use: it is left out.
  expect(receivingCapabilities(read, sent).codecs).toMatchObject([
    { mimeType: 'video/VP8', preferredPayloadType: 99 },
  ]);
  const other = readOffer(offer({ direction: 'recvonly', codecs: codecs.slice(0, 2) }), 'receive');
  expect(refusal(() => receivingCapabilities(other, sent))).toBe('unsupported');
});

test.each([
  ['a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n', 'EsAw'],
  ['m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=ice-ufrag:1234\r\n', '1234'],
  ['a=end-of-candidates\r\n', null],
  ['', null],
])('a fragment says whose way it is', (text, user) => expect(readFragment(text)).toEqual({ user }));
