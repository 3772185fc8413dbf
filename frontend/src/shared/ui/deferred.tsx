import { type ComponentType, lazy, useState } from "react";

/** A component in a chunk of its own, which may be loaded before it is shown. */
interface DeferredComponent {
  /** Loads the chunk, so that the component is there at once when it is shown. Never rejects. */
  preload: () => Promise<void>;
  /** The component itself once its chunk is loaded; until then one that suspends. */
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

/** Shows a deferred component. Where its chunk is loaded already no fallback flashes, as it would with `lazy` alone. */
export function Deferred({ component }: { component: DeferredComponent }) {
  // The same component for as long as this is on the page, even when the chunk arrives meanwhile.
  const [Component] = useState(component.current);
  return <Component />;
}
