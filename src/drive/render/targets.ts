/** What the drive's renderer draws into on the way to a picture or an id map. */
import { HalfFloatType, LinearFilter, NearestFilter, UnsignedByteType, WebGLRenderTarget } from 'three';

const LINEAR = { type: HalfFloatType, minFilter: LinearFilter, magFilter: LinearFilter } as const;
const NEAREST = { minFilter: NearestFilter, magFilter: NearestFilter } as const;

/** Targets of a renderer; whoever draws gives them their sizes. */
export interface DriveTargets {
  /** The street in linear light; where a program draws, its class ids in a second texture. */
  readonly picture: WebGLRenderTarget;
  /** Blurred across, then down. */
  readonly glare: readonly [WebGLRenderTarget, WebGLRenderTarget];
  /** Class ids of a drawing of their own. */
  readonly ids: WebGLRenderTarget;
  /** Pictures or ids behind the lens, to be read. */
  readonly plain: WebGLRenderTarget;
  /** A live picture behind the lens, which is read while ids are drawn. */
  readonly shot: WebGLRenderTarget;
  dispose(): void;
}

/**
 * @param fine whether edges are smoothed
 * @param labelled whether the picture has ids
 */
export function makeTargets(fine: boolean, labelled: boolean): DriveTargets {
  const flat = (options: object) => new WebGLRenderTarget(1, 1, { ...options, depthBuffer: false });
  const picture = new WebGLRenderTarget(1, 1, {
    ...LINEAR,
    samples: fine ? 4 : 0,
    count: labelled ? 2 : 1,
  });
  const [, labels] = picture.textures;
  if (labels) Object.assign(labels, { ...NEAREST, type: UnsignedByteType });
  const glare = [flat(LINEAR), flat(LINEAR)] as const;
  const [plain, shot] = [flat(NEAREST), flat(NEAREST)];
  const ids = new WebGLRenderTarget(1, 1, NEAREST);
  return {
    picture,
    glare,
    ids,
    plain,
    shot,
    dispose() {
      for (const target of [picture, ...glare, ids, plain, shot]) target.dispose();
    },
  };
}
