/**
 * Names the page's own script and styles in the page. Its first script is small and imports the rest (`begin.ts`);
 * unless the page names that, it is asked for only when the first one runs. A plugin for Vite's builds.
 */
import type { HtmlTagDescriptor, Plugin } from 'vite';

/** Preloads the chunk of a module, with what it imports, wherever the page's HTML is written. @param module end of its path */
export function earlyScripts(module: string): Plugin {
  return {
    name: 'carriageway-early-scripts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(module));
        if (!chunk) return [];
        const styles = [...(chunk.viteMetadata?.importedCss ?? [])].map(
          (name): HtmlTagDescriptor => ({
            tag: 'link',
            attrs: { rel: 'stylesheet', crossorigin: true, href: `/${name}` },
            injectTo: 'head',
          }),
        );
        const scripts = [chunk.fileName, ...chunk.imports].map(
          (name): HtmlTagDescriptor => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${name}` },
            injectTo: 'head',
          }),
        );
        return [...scripts, ...styles].filter(({ attrs }) => !html.includes(`"${String(attrs?.href)}"`));
      },
    },
  };
}
