import { productOf, settingsOf } from "../../contract/product.ts";

/** What `dev` delivers. */
export const { signals, generator } = productOf(settingsOf("dev"));

/** What Tempo is told about the histogram of the percentiles, in seconds. */
export const bounds = generator.latencyBoundsSeconds;
