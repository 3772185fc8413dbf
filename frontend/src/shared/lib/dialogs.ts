import { createStore } from "./store";

export type DialogName = "compose" | "find" | "shortcuts";

/** The dialog that is on the screen: one at most. */
export const openDialog = createStore<DialogName | null>(null);

export const showDialog = (name: DialogName): void => openDialog.set(name);

/** Takes this dialog off the screen. One that has come in its place stays: browsers tell of a closing a little late. */
export function closeDialog(name: DialogName): void {
  if (openDialog.get() === name) openDialog.set(null);
}

export const closeDialogs = (): void => openDialog.set(null);
