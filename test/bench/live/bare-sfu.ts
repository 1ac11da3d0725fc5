/**
 * The least that forwards pictures: mediasoup and nothing else. A process of its own, steered by messages from its
 * parent; what the product's server costs is measured against it.
 */
import { randomBytes } from 'node:crypto';
import { createWorker, type types } from 'mediasoup';
import { MEDIA_CODECS } from '../../../src/server/sfu/codecs.ts';
import { findWorker } from '../../../src/server/sfu/worker-binary.mjs';
import type { BareAnswer, BareRequest } from './bare-messages.ts';

const IP = '127.0.0.1';
const PAYLOAD_TYPE = 100;

const worker = await createWorker({ workerBin: findWorker() ?? '', logLevel: 'error' });
const server = await worker.createWebRtcServer({ listenInfos: [{ protocol: 'udp', ip: IP }] });
const router = await worker.createRouter({ mediaCodecs: [...MEDIA_CODECS] });
const producers: types.Producer[] = [];
const ingests: types.PlainTransport[] = [];
/** As the product has it. */
const SUITE = 'AES_CM_128_HMAC_SHA1_80';
let viewer: types.WebRtcTransport | null = null;

async function ingest(ssrc: number, key: string | null): Promise<number> {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: IP },
    rtcpMux: true,
    comedia: true,
    ...(key === null ? {} : { enableSrtp: true, srtpCryptoSuite: SUITE }),
  });
  ingests.push(transport);
  if (key !== null) await transport.connect({ srtpParameters: { cryptoSuite: SUITE, keyBase64: key } });
  const producer = await transport.produce({
    kind: 'video',
    rtpParameters: {
      codecs: [
        {
          mimeType: 'video/H264',
          payloadType: PAYLOAD_TYPE,
          clockRate: 90_000,
          parameters: {
            'packetization-mode': 1,
            'profile-level-id': '42e01f',
            'level-asymmetry-allowed': 1,
          },
        },
      ],
      encodings: [{ ssrc }],
    },
  });
  producers.push(producer);
  return transport.tuple.localPort;
}

async function answer(request: BareRequest): Promise<BareAnswer> {
  switch (request.type) {
    case 'ingest': {
      const ssrc = producers.length + 1;
      const key = request.srtp ? randomBytes(30).toString('base64') : null;
      const port = await ingest(ssrc, key);
      const srtp = key === null ? {} : { srtp: { suite: SUITE, key } };
      return { address: IP, port, payloadType: PAYLOAD_TYPE, ssrc, ...srtp };
    }
    case 'used': {
      const { ru_utime, ru_stime } = await worker.getResourceUsage();
      const stats = await Promise.all(ingests.map((each) => each.getStats()));
      const bytes = stats.flat().reduce((sum, each) => sum + each.rtpBytesReceived, 0);
      return { cpu: (ru_utime + ru_stime) / 1000, bytes };
    }
    case 'open': {
      viewer = await router.createWebRtcTransport({ webRtcServer: server, enableUdp: true });
      const { id, iceParameters, iceCandidates, dtlsParameters } = viewer;
      return {
        rtpCapabilities: router.rtpCapabilities,
        transport: { id, iceParameters, iceCandidates, dtlsParameters },
      };
    }
    case 'connect':
      await viewer?.connect({ dtlsParameters: request.dtlsParameters as types.DtlsParameters });
      return {};
    case 'consume':
      return {
        consumers: await Promise.all(
          producers.map(async ({ id: producerId }) => {
            const consumer = await viewer!.consume({
              producerId,
              rtpCapabilities: request.rtpCapabilities as types.RtpCapabilities,
            });
            const { id, kind, rtpParameters } = consumer;
            return { id, producerId, kind, rtpParameters };
          }),
        ),
      };
  }
}

process.on('message', (request: BareRequest) => {
  answer(request).then(
    (data) => process.send?.({ data }),
    (thrown: unknown) => process.send?.({ error: String(thrown) }),
  );
});
// Nobody else would end it.
process.on('disconnect', () => process.exit());
process.send?.({ data: {} });
