import type { Policies, PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { readSettings } from "../settings.ts";
import { judge } from "./check.ts";
import { contextOf, type Context } from "./context.ts";
import { isTree, type KubernetesObject, type Rule } from "./rule.ts";
import { rules } from "./rules.ts";

/** The rules as policies of Pulumi's (CrossGuard), by the configuration of the stack that is previewed or deployed. */
export const policiesOf = (): Policies => rules.map(policyOf);

/** A rule of one object is asked before the object is touched, one of the whole stack when all is known. */
function policyOf(rule: Rule): Policies[number] {
  const common = {
    name: rule.id,
    description: `Protects ${rule.protects}.`,
    enforcementLevel: rule.severity === "error" ? ("mandatory" as const) : ("advisory" as const),
  };
  return rule.judges === "each object"
    ? { ...common, validateResource: (resource, report) => complain(rule, [resource], report) }
    : { ...common, validateStack: ({ resources }, report) => complain(rule, resources, report) };
}

type Resource = Pick<ResourceValidationArgs | PolicyResource, "type" | "props">;

function complain(rule: Rule, resources: readonly Resource[], report: (message: string) => void): void {
  const objects = resources.flatMap(objectOf);
  if (objects.length === 0) return;
  const { complaints } = judge(objects, contextOfStack(), { today: new Date() }, [rule]);
  complaints.forEach(({ object, found }) => report(`${object}: ${found}. ${rule.remedy}`));
}

/** A resource's object, without what the provider notes beside it. */
function objectOf({ type, props }: Resource): KubernetesObject[] {
  if (!type.startsWith("kubernetes:")) return [];
  const plain = JSON.parse(JSON.stringify(props)) as Record<string, unknown>;
  const own = Object.entries(plain).filter(([key]) => !key.startsWith("__"));
  const object = Object.fromEntries(own);
  return isTree(object["metadata"]) ? [object as unknown as KubernetesObject] : [];
}

let context: Context | undefined;

/** The engine hands the configuration over when it starts the pack. */
const contextOfStack = (): Context => (context ??= contextOf(readSettings().settings));
