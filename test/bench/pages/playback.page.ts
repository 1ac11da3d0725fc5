/** The page of the playback benchmark: one stretch of work when told to, beside the bare thing it is held against. */
import { BlobSource, EncodedPacketSink, Input, MATROSKA, MP4, QTFF, WEBM } from 'mediabunny';
import { deleteKept, listKept } from '../../../src/jobs/result-store';
import { runJob } from '../../../src/jobs/run-job';
import { type ModelManifest, parseManifest } from '../../../src/model/manifest';
import { createEngine } from '../../../src/perception/create-engine';
import { openRecordingSource } from '../../../src/sources/recording/recording-source';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { cameraRate } from './camera-run';

async function served(path: string): Promise<Blob> {
  const response = await fetch(`/data/${path}`);
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response.blob();
}

async function heap(): Promise<number> {
  const { measureUserAgentSpecificMemory: measure } = performance as unknown as {
    measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
  };
  return (await measure.call(performance)).bytes;
}

/** Decodes as one would without a library: the packets from the key picture on, until the picture asked for is out. */
async function bareDecode(file: Blob, seconds: number): Promise<number> {
  const input = new Input({ formats: [MP4, QTFF, MATROSKA, WEBM], source: new BlobSource(file) });
  try {
    const track = (await input.getPrimaryVideoTrack())!;
    const config = (await track.getDecoderConfig())!;
    const sink = new EncodedPacketSink(track);
    const target = (await sink.getPacket(seconds))!;
    const packets: EncodedVideoChunk[] = [];
    for await (const packet of sink.packets((await sink.getKeyPacket(seconds))!)) {
      packets.push(packet.toEncodedVideoChunk());
      // Pictures that are shown later may be needed earlier; two more are what the clips reorder.
      if (packet.sequenceNumber > target.sequenceNumber) break;
    }
    const began = performance.now();
    await new Promise<void>((resolve, reject) => {
      const decoder = new VideoDecoder({
        output: (frame) => {
          frame.close();
        },
        error: reject,
      });
      decoder.configure(config);
      for (const packet of packets) decoder.decode(packet);
      decoder.flush().then(() => {
        decoder.close();
        resolve();
      }, reject);
    });
    return performance.now() - began;
  } finally {
    input.dispose();
  }
}

/** Milliseconds of bare inferences on the first picture, one behind the other; the first ones, which warm up, left out. */
async function bareInferences(
  file: Blob,
  manifest: ModelManifest,
  bytes: ArrayBuffer,
  runs: number,
): Promise<number[]> {
  // The engine may keep the bytes it is given.
  await using engine = await createEngine({ kind: 'wasm', manifest, bytes: bytes.slice(0) });
  using stream = engine.openStream({ maskWidth: 64, maskHeight: 36 });
  using video = await VideoFile.open(file);
  const times: number[] = [];
  for await (const { frame, rotation, close } of video.frames(0)) {
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      await stream.infer({ frame, rotation, smoothing: 1, reset: true, ignore: null });
      times.push(performance.now() - start);
    }
    close();
    break;
  }
  return times.slice(3);
}

Object.assign(globalThis, {
  /** Milliseconds of one frame of an analysis (its start left out), and of one bare inference; means both. */
  async analysis(network: string, runs: number): Promise<{ analysis: number; bare: number }> {
    const file = await served('clip');
    const manifest = parseManifest(await (await served(`${network}/manifest`)).text().then(JSON.parse));
    const bytes = await (await served(`${network}/file`)).arrayBuffer();
    await deleteKept((await listKept()).map(({ key }) => key));
    // On both sides of the analysis: a machine that others use is not equally fast for long.
    const before = await bareInferences(file, manifest, bytes, runs);
    let [began, frames, ended, counted] = [0, 0, 0, 0];
    const job = runJob(
      {
        kind: 'analysis',
        recording: { kind: 'videos', videos: [file] },
        name: 'clip',
        model: { kind: 'file', bytes, manifest },
        engine: 'wasm',
        ignore: null,
        labels: null,
      },
      (progress) => {
        if (progress.frames === 0) return;
        if (began === 0) [began, frames] = [performance.now(), progress.frames];
        [ended, counted] = [performance.now(), progress.frames];
      },
    );
    const answer = await job.answer;
    if (!answer.ok) throw new Error(answer.error?.message);
    const after = await bareInferences(file, manifest, bytes, runs);
    const bare = [...before, ...after];
    return {
      analysis: (ended - began) / (counted - frames),
      bare: bare.reduce((a, b) => a + b) / bare.length,
    };
  },

  /** Milliseconds of a seek to a point until its picture is there, and of decoding that picture bare. */
  async seek(share: number): Promise<{ seek: number; bare: number }> {
    const file = await served('clip');
    using video = await VideoFile.open(file);
    const seconds = video.info.duration * share;
    const began = performance.now();
    let there = Number.NaN;
    for await (const frame of video.frames(seconds)) {
      // Here the picture is there; closing the decoder comes after it.
      there = performance.now();
      frame.close();
      break;
    }
    return { seek: there - began, bare: await bareDecode(file, seconds) };
  },

  /** Masks a second of so many cameras together. */
  async cameras(network: string, cameras: number, masks: number): Promise<number> {
    const clips = await Promise.all(Array.from({ length: cameras }, (_, n) => served(`camera${n + 1}`)));
    const manifest = await (await served(`${network}/manifest`)).text().then(JSON.parse);
    const bytes = await (await served(`${network}/file`)).arrayBuffer();
    return cameraRate(clips, manifest, bytes, masks);
  },

  /** Milliseconds until a recording of so many files can be played: until its worker has opened it. */
  async opening(count: number): Promise<number> {
    const file = await served('short');
    const videos = Array.from(
      { length: count },
      (_, n) => new File([file], `clip_${String(n).padStart(6, '0')}.mp4`, { type: 'video/mp4' }),
    );
    const began = performance.now();
    const source = await openRecordingSource({ kind: 'videos', videos }, 'card');
    const took = performance.now() - began;
    await source.dispose();
    return took;
  },

  /** Milliseconds of an analysis of the clip over and over, from when it is asked for until it is done. */
  async job(network: string, repeats: number): Promise<number> {
    const file = await served('clip');
    const manifest = parseManifest(await (await served(`${network}/manifest`)).text().then(JSON.parse));
    const bytes = await (await served(`${network}/file`)).arrayBuffer();
    await deleteKept((await listKept()).map(({ key }) => key));
    const began = performance.now();
    const job = runJob(
      {
        kind: 'analysis',
        recording: { kind: 'videos', videos: Array.from({ length: repeats }, () => file) },
        name: 'clips',
        model: { kind: 'file', bytes, manifest },
        engine: 'wasm',
        ignore: null,
        labels: null,
      },
      () => {},
    );
    const answer = await job.answer;
    if (!answer.ok) throw new Error(answer.error?.message);
    return performance.now() - began;
  },

  /** MiB that page and workers hold more at the end of a long analysis than after its first fifth. */
  async growth(network: string): Promise<number> {
    const file = await served('long');
    const manifest = parseManifest(await (await served(`${network}/manifest`)).text().then(JSON.parse));
    const bytes = await (await served(`${network}/file`)).arrayBuffer();
    await deleteKept((await listKept()).map(({ key }) => key));
    const samples: { share: number; bytes: Promise<number> }[] = [];
    const job = runJob(
      {
        kind: 'analysis',
        recording: { kind: 'videos', videos: [file] },
        name: 'long',
        model: { kind: 'file', bytes, manifest },
        engine: 'wasm',
        ignore: null,
        labels: null,
      },
      ({ share }) => {
        const due = samples.length === 0 ? 0.2 : 0.9;
        if (samples.length < 2 && share >= due) samples.push({ share, bytes: heap() });
      },
    );
    const answer = await job.answer;
    if (!answer.ok) throw new Error(answer.error?.message);
    const [first, last] = await Promise.all(samples.map((sample) => sample.bytes));
    return ((last ?? Number.NaN) - (first ?? Number.NaN)) / 2 ** 20;
  },
});
