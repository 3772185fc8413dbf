const controls = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * The text without characters that change the direction of what follows. For places that can't isolate it, like the window's
 * title.
 */
export const withoutDirections = (text: string): string => text.replace(controls, "");
