import { createStore } from "@/shared/lib/store";
import { type Countdown, startCountdown } from "@/shared/lib/time/countdown";
import { second } from "@/shared/lib/time/duration";

interface ToastAction {
  label: string;
  run: () => void;
}

interface ToastOptions {
  /** What the toast is about. A newer toast about the same replaces it. */
  about?: string;
  /** Something that can be done as long as the toast is there. */
  action?: ToastAction;
  /** Milliseconds on the screen. Time with the pointer or the focus on a toast does not count. */
  lasts?: number;
  /** Called when its time is up or it was closed, but not when its action was taken. */
  onClosed?: () => void;
}

export interface Toast extends ToastOptions {
  id: number;
  text: string;
}

const shownFor = 5 * second;

export const toasts = createStore<readonly Toast[]>([]);

const countdowns = new Map<number, Countdown>();
let lastId = 0;

/** Shows a toast for a few seconds; screen readers hear it. Returns its id, for `withdraw`. */
export function toast(text: string, options: ToastOptions = {}): number {
  const id = ++lastId;
  const { about } = options;
  const isSame = (each: Toast) => each.text === text || (about && each.about === about);
  const same = toasts.get().filter((each) => isSame(each) && !each.action);
  for (const each of same) withdraw(each.id);
  toasts.set([...toasts.get(), { id, text, ...options }]);
  countdowns.set(
    id,
    startCountdown(options.lasts ?? shownFor, () => dismiss(id)),
  );
  return id;
}

/** Takes a toast off the screen and calls nothing. */
export function withdraw(id: number): Toast | undefined {
  const found = toasts.get().find((each) => each.id === id);
  countdowns.get(id)?.cancel();
  countdowns.delete(id);
  if (found) toasts.set(toasts.get().filter((each) => each !== found));
  return found;
}

export const dismiss = (id: number): void => withdraw(id)?.onClosed?.();

export const takeAction = (id: number): void => withdraw(id)?.action?.run();

/** Stops the time of all toasts while the pointer or the focus is on one. */
export function holdToasts(): void {
  for (const countdown of countdowns.values()) countdown.hold();
}

export function releaseToasts(): void {
  for (const countdown of countdowns.values()) countdown.resume();
}
