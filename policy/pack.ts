import { PolicyPack } from "@pulumi/policy";
import { policiesOf } from "./policies.ts";

new PolicyPack("llm-tracing", { policies: policiesOf() });
