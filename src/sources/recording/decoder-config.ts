/**
 * How a track is given to the decoder, where what the demuxer says of it is not what a player would show. The colours
 * are those of the browser's own `<video>` (measured in Chromium 156 against `new VideoFrame(video).colorSpace`).
 */
import type { InputVideoTrack } from 'mediabunny';
import type { Size } from '../../media/size';

/** Upright or not, pictures from this height on are taken for HD where they do not say what their colours are. Pixels. */
const HD_HEIGHT = 720;

const REC601: VideoColorSpaceInit = {
  primaries: 'smpte170m',
  transfer: 'smpte170m',
  matrix: 'smpte170m',
  fullRange: false,
};

const REC709: VideoColorSpaceInit = {
  primaries: 'bt709',
  transfer: 'bt709',
  matrix: 'bt709',
  fullRange: false,
};

/** Codecs whose own bits say the colours: whatever is not said is Rec. 709 at any size. */
const NEWER = /^(vp09|vp9|av01)/;

/**
 * The colours of a video. One that says all four is believed; one that says less is taken for Rec. 601 or Rec. 709 by its
 * height, whatever it said (a matrix alone counts for nothing); of VP9 and AV1 it is Rec. 709. H.264 of full range that
 * says nothing else is found out by the decoder.
 */
function coloursOf(
  codec: string,
  said: VideoColorSpaceInit | undefined,
  height: number,
): VideoColorSpaceInit {
  if (said?.primaries && said.transfer && said.matrix && typeof said.fullRange === 'boolean') return said;
  return NEWER.test(codec) || height >= HD_HEIGHT ? REC709 : REC601;
}

/** Codecs whose pictures may say of their pixels something else than the container does. */
const SAYS_ASPECT = /^(avc|hvc|hev)/;

/** What a container says of its pictures. */
export interface ContainerSays {
  /** Their size; of a transport stream the decoder reads it from the pictures, each with its own pixel aspect. */
  readonly size: boolean;
  /** How wide their pixels are: it then counts before what they say themselves. */
  readonly aspect: boolean;
}

/**
 * Has a track decoded as a player would show it, from the next decoder on.
 * @param shown size of a decoded picture, once one is known: demuxers may be wrong (interlaced pictures have half the
 *   rows in H.264's parameters)
 */
export async function decodeAsShown(
  track: InputVideoTrack,
  shown: Size | null,
  says: ContainerSays,
): Promise<void> {
  const config = await track.getDecoderConfig();
  if (!config) return;
  const height = shown?.height ?? (await track.getSquarePixelHeight());
  const mended: VideoDecoderConfig = {
    ...config,
    colorSpace: coloursOf(config.codec, config.colorSpace, height),
  };
  if (says.aspect && SAYS_ASPECT.test(config.codec)) {
    mended.displayAspectWidth = await track.getSquarePixelWidth();
    mended.displayAspectHeight = await track.getSquarePixelHeight();
  }
  if (!says.size) {
    delete mended.codedWidth;
    delete mended.codedHeight;
    delete mended.displayAspectWidth;
    delete mended.displayAspectHeight;
  }
  track.getDecoderConfig = async () => mended;
}
