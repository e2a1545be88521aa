import type { Settings } from "../../settings.ts";
import { judge } from "../../policy/check.ts";
import { contextOf } from "../../policy/context.ts";
import type { Judge } from "./judge.ts";

/** This project's own rules, as `render` asks them; but of what stands in the files, whoever wrote it there. */
export const policies = (settings: Settings, today: Date): Judge => ({
  name: "policies",
  judge: (manifests) => {
    const objects = manifests.map(({ object }) => object);
    const errors = judge(objects, contextOf(settings, { forGitOps: true }), { today }).complaints.filter(
      ({ rule }) => rule.severity === "error",
    );
    return Promise.resolve({
      judged: objects.length,
      findings: errors.map(({ rule, object, found }) => ({
        judge: "policies",
        rule: rule.id,
        object,
        words: `${found}. ${rule.remedy}`,
      })),
    });
  },
});
