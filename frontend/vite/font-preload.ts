import type { Plugin } from "vite";

const firstSeen = /-latin-wght-normal-[^/]+\.woff2$/; // of every page in a language of the client

/** Has index.html ask for the fonts of the first paint before the styles that name them are there. */
export function fontPreload(): Plugin {
  return {
    name: "cruddur-font-preload",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) =>
        Object.keys(bundle)
          .filter((name) => firstSeen.test(name))
          .sort()
          .map((name) => ({
            tag: "link",
            attrs: {
              rel: "preload",
              as: "font",
              type: "font/woff2",
              href: `/${name}`,
              crossorigin: true,
            },
            injectTo: "head" as const,
          })),
    },
  };
}
