import { createStore } from "@/shared/lib/store";

export interface Toast {
  id: number;
  text: string;
}

const shownFor = 5_000; // ms

export const toasts = createStore<readonly Toast[]>([]);

let lastId = 0;

/** Says something in the corner for a few seconds; screen readers hear it. */
export function toast(text: string): void {
  const id = ++lastId;
  toasts.set([...toasts.get().filter((each) => each.text !== text), { id, text }]);
  setTimeout(() => dismiss(id), shownFor);
}

export function dismiss(id: number): void {
  toasts.set(toasts.get().filter((each) => each.id !== id));
}
