/**
 * What the rooms carry: what browsers send and show, and what dashcams record.
 */
import type { types } from 'mediasoup';

type Codec = types.RouterRtpCodecCapability;

/** H.264 profiles, as the first two bytes of `profile-level-id` (RFC 6184, 8.1), with the level browsers state. */
export const H264_PROFILES = {
  /** Constrained baseline: what every browser sends. */
  baseline: '42e01f',
  main: '4d001f',
  high: '64001f',
} as const;

function h264(profile: string): Codec {
  return {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': profile, 'level-asymmetry-allowed': 1 },
  };
}

/** In order of preference; VP8 comes first because every browser sends it in layers. */
export const MEDIA_CODECS: readonly Codec[] = [
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  { kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 0 } },
  ...Object.values(H264_PROFILES).map(h264),
];
