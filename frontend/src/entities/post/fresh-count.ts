import { createStore } from "@/shared/lib/store";

/** How many new posts wait behind the pill. */
export const freshCount = createStore(0);
