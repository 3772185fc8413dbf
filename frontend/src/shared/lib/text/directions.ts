const controls = /[\u202a-\u202e\u2066-\u2069]/g;

/** The text without characters that turn the direction of what follows, for where nothing can isolate it, such as the window's title. */
export const withoutDirections = (text: string): string => text.replace(controls, "");
