import { createStore } from "@/shared/lib/store";

/** How many new posts wait above the home feed; home-head.ts counts them. */
export const freshCount = createStore(0);
