/**
 * The benchmarks by name: `npm run bench` runs the first, `npm run bench -- NAME` any.
 */
import type { Tool } from './tools.ts';

const BENCHES: Readonly<Record<string, () => Promise<Tool>>> = {
  'hot-path': async () => (await import('./hot-path/hot-path.ts')).hotPath,
  page: async () => (await import('./page/page.ts')).page,
  soak: async () => (await import('./soak/soak.ts')).soak,
  playback: async () => (await import('./playback/playback.ts')).playback,
  live: async () => (await import('./live/live.ts')).live,
  'live-soak': async () => (await import('./live/soak.ts')).liveSoak,
  networks: async () => (await import('./networks/networks.ts')).networks,
  cpu: async () => (await import('./cpu/cpu.ts')).cpu,
  embed: async () => (await import('./embed/embed.ts')).embed,
  scene: async () => (await import('./scene/scene.ts')).scene,
};

/** Runs the benchmark named by the first argument, or the first one when that is an option or missing. */
export async function bench(argv: readonly string[]): Promise<number> {
  const [name = '', ...rest] = argv;
  if (name !== '' && !name.startsWith('-')) {
    const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
    if (load) return (await load())(rest);
    console.error(`There is no benchmark "${name}"; there are ${Object.keys(BENCHES).join(', ')}.`);
    return 1;
  }
  return (await BENCHES['hot-path']!())(argv);
}
