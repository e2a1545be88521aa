import { z } from "zod";
import { bytes, cores } from "./units.ts";
import { conflict } from "./values.ts";

interface Texts {
  readonly cpu: string;
  readonly memory: string;
  readonly ephemeralStorage: string;
}

const amounts = (defaults: Texts, leastMemory: string) =>
  z
    .strictObject({
      cpu: cores("500m").prefault(defaults.cpu).describe("CPU."),
      memory: bytes("2Gi", leastMemory).prefault(defaults.memory).describe("Memory."),
      ephemeralStorage: bytes("256Mi", "1Mi")
        .prefault(defaults.ephemeralStorage)
        .describe("Ephemeral storage."),
    })
    .prefault({});

/**
 * What a container requests of a node, and the most it may take.
 *
 * @param leastMemory - of the limit, with which the program still does its work. @default 1Mi
 */
export const resources = (
  whose: string,
  defaults: { readonly requests: Texts; readonly limits: Texts },
  leastMemory = "1Mi",
) =>
  z
    .strictObject({
      requests: amounts(defaults.requests, "1Mi").describe(`What ${whose} is sure to get.`),
      limits: amounts(defaults.limits, leastMemory).describe("The most it may take."),
    })
    .superRefine(({ requests, limits }, context) => {
      for (const key of ["cpu", "memory", "ephemeralStorage"] as const) {
        if (requests[key].amount > limits[key].amount) {
          conflict(
            context,
            { path: ["requests", key], message: `at most the limit, ${limits[key].text}` },
            { path: ["limits", key], message: `at least the request, ${requests[key].text}` },
          );
        }
      }
    })
    .prefault({})
    .describe(`CPU, memory and scratch space of the ${whose} container.`);
