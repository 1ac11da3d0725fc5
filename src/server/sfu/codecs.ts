/**
 * What the rooms carry: what browsers send and show, and what dashcams record.
 */
import type { types } from 'mediasoup';

type Codec = types.RouterRtpCodecCapability;

/**
 * How a stream is announced, by the first byte of its own `profile-level-id` (RFC 6184, 8.1).
 *
 * High is announced as High 4:4:4 Predictive: whoever decodes that decodes High as well (ITU-T H.264, A.2.11), and
 * Chromium says of that one that it does, but of High itself only where the hardware does it.
 */
export const H264_PROFILES = {
  /** Constrained baseline: what every browser sends. */
  '42': '42e01f',
  '4d': '4d001f',
  '64': 'f4001f',
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
