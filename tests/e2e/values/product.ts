import type { Signals } from "../../../telemetry/signals.ts";
import { productOf, settingsOf } from "../../contract/product.ts";

/** What `dev` delivers, where its traces tell who asks. */
const product = productOf(
  settingsOf("dev", { privacy: { mode: "identities", saltSecret: { name: "salt" } } }),
);

export const { generator } = product;

/** Every question. */
export const signals = product.signals as Required<Signals>;

/** What Tempo is told about the histogram of the percentiles, in seconds. */
export const bounds = generator.latencyBoundsSeconds;
