import type { Plugin } from "vite";

// The fonts that every page needs, in each language of the client.
const neededFont = /-latin-wght-normal-[^/]+\.woff2$/;

/** Makes index.html load the fonts of the first paint at once, before the styles that name them have arrived. */
export function fontPreload(): Plugin {
  return {
    name: "cruddur-font-preload",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) =>
        Object.keys(bundle)
          .filter((name) => neededFont.test(name))
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
