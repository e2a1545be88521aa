import { guideOf, guidePath } from "./guide.ts";
import { scaleOf, scalePath } from "./scale.ts";

/** Pages of which a part is made: what a page is with its tables as they follow from the contract. */
export const pages: Readonly<Record<string, (page: string) => string>> = {
  [guidePath]: guideOf,
  [scalePath]: scaleOf,
};
