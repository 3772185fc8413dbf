import { accessiblePages } from "./support/accessibility.ts";

accessiblePages("every page of members is accessible in both themes at every width", [
  "member",
  "german",
]);
