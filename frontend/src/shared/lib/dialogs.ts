import { createStore } from "./store";

export type DialogName = "compose" | "find" | "shortcuts";

/** The dialog that is open, if one is. */
export const openDialog = createStore<DialogName | null>(null);

export const showDialog = (name: DialogName): void => openDialog.set(name);

/** Closes this dialog. Browsers report a closing a little late, so another dialog that was opened meanwhile stays. */
export function closeDialog(name: DialogName): void {
  if (openDialog.get() === name) openDialog.set(null);
}

export const closeDialogs = (): void => openDialog.set(null);
