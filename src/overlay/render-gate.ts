/**
 * Tells whether the last render has left the graphics card. Without this a slow card is handed frame after frame, and
 * inference, which shares its queue, never gets its turn.
 */

/** At most one unfinished render. */
export interface RenderGate {
  /** Whether a render is still on its way. */
  readonly busy: boolean;
  /** Call right after a render was submitted. */
  arm(): void;
  dispose(): void;
}

/** Gate on a WebGPU queue. */
export function gpuGate(device: GPUDevice): RenderGate {
  let pending = 0;
  const done = (): void => {
    pending--;
  };
  return {
    get busy() {
      return pending > 0;
    },
    arm() {
      pending++;
      // A lost device may reject: nothing is on its way then either.
      device.queue.onSubmittedWorkDone().then(done, done);
    },
    dispose() {},
  };
}

/** Gate on a WebGL2 context: a fence, looked at when asked, never waited for. */
export function glGate(gl: WebGL2RenderingContext): RenderGate {
  let fence: WebGLSync | null = null;
  const drop = (): void => {
    if (fence) gl.deleteSync(fence);
    fence = null;
  };
  return {
    get busy() {
      if (!fence) return false;
      const waiting = !gl.isContextLost() && gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.UNSIGNALED;
      if (!waiting) drop();
      return waiting;
    },
    arm() {
      drop();
      fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
      // A fence that is not flushed may never be reached while nothing else is drawn.
      gl.flush();
    },
    dispose: drop,
  };
}
