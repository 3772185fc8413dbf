import { createStore } from "@/shared/lib/store";

/** Whether the question "sign in?" is on the screen. */
export const signInPrompt = createStore(false);

export const askToSignIn = (): void => signInPrompt.set(true);
export const closeSignInPrompt = (): void => signInPrompt.set(false);
