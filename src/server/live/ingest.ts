/**
 * RTP without WebRTC: a port of its own, encrypted by a key that the join hands out (SRTP), so that nobody else can send
 * in the vehicle's name and nobody on the way can look. The first packet under that key says where the sender is.
 */
import { randomBytes, randomInt } from 'node:crypto';
import type { types } from 'mediasoup';
import type { AnswerData, RequestData } from '../../live/protocol.ts';
import { H264_PROFILES } from '../sfu/codecs.ts';
import type { Listen } from '../sfu/listen.ts';

/** Dynamic payload type (RFC 3551, 6). */
const PAYLOAD_TYPE = 100;

/** The suite that every ffmpeg knows, and the bytes of its key with the salt (RFC 4568, 6.2). */
const SUITE = 'AES_CM_128_HMAC_SHA1_80';
const KEY_BYTES = 30;

/** Where and how to send; the vehicle's name is added by the peer. */
type Place = Omit<AnswerData<'ingest'>, 'vehicle'>;

/** A port that is open. */
export interface Ingest {
  /** Makes it a picture. @param cname of RTCP */
  produce(wish: RequestData<'ingest'>, cname: string): Promise<Place & { readonly producer: types.Producer }>;
}

/**
 * Opens a port.
 * @param own takes the transport over before anything is awaited with it
 */
export async function openIngest(
  router: types.Router,
  { address, announced }: Listen,
  bitrateMax: number,
  own: (transport: types.PlainTransport) => void,
): Promise<Ingest> {
  const [first] = announced;
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: address, ...(first ? { announcedAddress: first } : {}) },
    rtcpMux: true,
    comedia: true,
    enableSrtp: true,
    srtpCryptoSuite: SUITE,
  });
  own(transport);
  await transport.setMaxIncomingBitrate(bitrateMax).catch(() => {});
  const key = randomBytes(KEY_BYTES).toString('base64');
  await transport.connect({ srtpParameters: { cryptoSuite: SUITE, keyBase64: key } });
  return {
    async produce({ codec, profile }, cname) {
      const ssrc = randomInt(1, 2 ** 31);
      const producer = await transport.produce({
        kind: 'video',
        rtpParameters: {
          codecs: [codec === 'vp8' ? VP8 : h264(profile)],
          encodings: [{ ssrc }],
          rtcp: { cname },
        },
      });
      const { localAddress, localPort } = transport.tuple;
      return {
        producer,
        address: first ?? localAddress,
        port: localPort,
        payloadType: PAYLOAD_TYPE,
        ssrc,
        srtp: { suite: SUITE, key },
      };
    },
  };
}

const VP8: types.RtpCodecParameters = {
  mimeType: 'video/VP8',
  payloadType: PAYLOAD_TYPE,
  clockRate: 90_000,
};

function h264(profile: string | undefined): types.RtpCodecParameters {
  return {
    mimeType: 'video/H264',
    payloadType: PAYLOAD_TYPE,
    clockRate: 90_000,
    parameters: {
      'packetization-mode': 1,
      'profile-level-id': routersProfile(profile),
      'level-asymmetry-allowed': 1,
    },
  };
}

/** What the router calls a stream of this profile; baseline for what is not known. */
function routersProfile(asked: string | undefined): string {
  const family = asked?.slice(0, 2).toLowerCase() ?? '';
  const known: Readonly<Record<string, string>> = H264_PROFILES;
  return Object.hasOwn(known, family) ? known[family]! : H264_PROFILES['42'];
}
