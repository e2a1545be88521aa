import { z } from "zod";
import { leastSalt, privacyModes, type PrivacyMode } from "../telemetry/privacy.ts";
import { want } from "./units.ts";
import { conflict, objectName, secretKey, text, type Conflict } from "./values.ts";

/** What of people is kept in traces and logs. */
export const privacy = z
  .strictObject({
    mode: z
      .enum(privacyModes, want('"strict", "identities" or "off"'))
      .default("strict")
      .describe(
        "strict: nothing is kept that tells who asked or what was said. identities: the same, with a salted hash in place of a " +
          "user's id. off: all is kept that the applications send, but where they run and how they were started.",
      ),
    reason: text("the reason why nothing is taken out")
      .optional()
      .describe("Why nothing is taken out: off needs a reason."),
    saltSecret: z
      .strictObject({
        name: objectName("the name of a Secret").describe("Name of the Secret, in the stack's namespace."),
        key: secretKey("the salt", "salt"),
      })
      .optional()
      .describe(
        `Secret with the salt of the hashes, ${leastSalt} or more random characters of A-Z, a-z, 0-9 and +/=_-: identities needs it. ` +
          "With a shorter one nobody has a hash, with another everybody has another.",
      ),
  })
  .superRefine(({ mode, reason, saltSecret }, context) => {
    companions({ mode, reason, saltSecret }).forEach((sides) => conflict(context, ...sides));
  });

type Sides = [Conflict, ...Conflict[]];

/** What goes with one mode alone, there without it, or missing with it. */
function companions(given: {
  readonly mode: PrivacyMode;
  readonly reason: string | undefined;
  readonly saltSecret: object | undefined;
}): Sides[] {
  const parts = [
    ["reason", "off", "the reason why nothing is taken out"],
    ["saltSecret", "identities", "the Secret with the salt of the hashes"],
  ] as const;
  return parts.flatMap(([key, mode, what]): Sides[] => {
    const isThere = given[key] !== undefined;
    if (isThere === (given.mode === mode)) return [];
    const message = isThere
      ? `none, because privacy.mode is ${given.mode}`
      : `${what}, because privacy.mode is ${mode}`;
    return [[{ path: [key], message }]];
  });
}

/** Nothing is taken out without the collector: what is sent to Tempo itself is kept as it is. */
export const withoutCollector = (collector: { readonly enabled: boolean }, mode: PrivacyMode): Sides[] =>
  collector.enabled || mode === "off"
    ? []
    : [
        [
          {
            path: ["collector", "enabled"],
            message: `true, because privacy.mode is ${mode}: the collector takes out what it does not keep`,
          },
          { path: ["privacy", "mode"], message: "off, with a reason, because collector.enabled is false" },
        ],
      ];
