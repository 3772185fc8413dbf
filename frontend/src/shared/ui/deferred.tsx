import { type ComponentType, lazy, useState } from "react";

/** A component in a chunk of its own that may be loaded ahead. */
interface DeferredComponent {
  /** Loads it, so that it is there at once when it is shown. Never rejects. */
  preload: () => Promise<void>;
  /** The component itself once it is loaded, until then one that waits for it. */
  current: () => ComponentType;
}

export function defer(load: () => Promise<ComponentType>): DeferredComponent {
  let loaded: ComponentType | undefined;
  const waiting = lazy(async () => ({ default: await load() }));
  return {
    preload: async () => {
      loaded = await load().catch(() => undefined);
    },
    current: () => loaded ?? waiting,
  };
}

/** Shows a deferred component. Unlike with `lazy` alone, no fallback flashes where it has been loaded ahead. */
export function Deferred({ of }: { of: DeferredComponent }) {
  const [Component] = useState(of.current); // the same for as long as it is on the page
  return <Component />;
}
