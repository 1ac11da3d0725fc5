/** What a viewer is told of a picture that comes to it. */
import type { types } from 'mediasoup';
import type { AnswerData, Notification } from '../../live/protocol.ts';

/** Describes a consumer; its layers are read from the scalability mode (WebRTC-SVC, 6), such as `L3T2`. */
export function consumerAnswer(consumer: types.Consumer): AnswerData<'consume'> {
  const mode = consumer.rtpParameters.encodings?.[0]?.scalabilityMode ?? '';
  const [, spatial = '1', temporal = '1'] = /^[LS](\d)T(\d)/.exec(mode) ?? [];
  return {
    id: consumer.id,
    vehicle: consumer.producerId,
    kind: 'video',
    rtpParameters: { ...consumer.rtpParameters },
    spatialLayers: Number(spatial),
    temporalLayers: Number(temporal),
  };
}

/** Tells of a consumer's layers, from now on. */
export function tellOf(consumer: types.Consumer, tell: (message: Notification) => void): void {
  const { id } = consumer;
  consumer.on('layerschange', (layers) =>
    tell({ event: 'consumer-layers', consumer: id, spatial: layers?.spatialLayer ?? null }),
  );
}
