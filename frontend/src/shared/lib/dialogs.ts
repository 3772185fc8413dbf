import { createStore } from "./store";

export type DialogName = "compose" | "find" | "shortcuts";

/** The dialog that is on the screen: one at most. */
export const openDialog = createStore<DialogName | null>(null);

export const showDialog = (name: DialogName): void => openDialog.set(name);
export const closeDialog = (): void => openDialog.set(null);
