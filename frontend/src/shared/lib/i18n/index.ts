import { en } from "./en";

// The one place that chooses the language. A catalogue has the type of `en`.
export type Catalogue = typeof en;
export const strings: Catalogue = en;
export const locale = "en-GB";
