import { stringify } from "yaml";
import type { Report } from "../diff/report.ts";
import { snapshot, type Snapshot } from "../diff/snapshot.ts";
import { compareSnapshots } from "../diff/snapshots.ts";

/** What a promotion changes, beside what the target runs now: its objects as deployed and as they would be. */
export const meaningOf = (
  environment: string,
  deployed: readonly object[],
  manifests: readonly string[],
): Report =>
  compareSnapshots(
    side(
      "what runs",
      environment,
      deployed.map((object) => stringify(object)),
    ),
    side("this working tree", environment, manifests),
    [environment],
  );

const side = (title: string, environment: string, manifests: readonly string[]): Snapshot =>
  snapshot(title, new Map(manifests.map((text, index) => [`rendered/${environment}/${index}.yaml`, text])));
