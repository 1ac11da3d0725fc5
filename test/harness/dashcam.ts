/** A dashcam for tests: ffmpeg that sends a test pattern, small and with a key frame a second, until it is disposed of. */
import { spawn, spawnSync } from 'node:child_process';
import type { Destination } from '../../src/server/publish/ffmpeg';

/** Whether there is an ffmpeg on this machine. */
export const FFMPEG = spawnSync('ffmpeg', ['-version']).status === 0;

/** Pictures a second. */
const RATE = 10;

/** Sends VP8 to where a join said. @param keyEvery pictures from one that stands by itself to the next */
export function sendPattern(
  { address, port, payloadType, ssrc, srtp }: Destination,
  keyEvery = RATE,
): Disposable {
  const child = spawn(
    'ffmpeg',
    [
      ...['-loglevel', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', `testsrc2=size=160x90:rate=${RATE}`],
      ...['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '200k'],
      ...['-g', String(keyEvery), '-ssrc', String(ssrc), '-payload_type', String(payloadType)],
      ...(srtp ? ['-srtp_out_suite', srtp.suite, '-srtp_out_params', srtp.key] : []),
      ...['-f', 'rtp', `${srtp ? 'srtp' : 'rtp'}://${address}:${port}?pkt_size=1200`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return { [Symbol.dispose]: () => void child.kill('SIGKILL') };
}
