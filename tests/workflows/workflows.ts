import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectFolder } from "../../engine/stack-files.ts";

/** A step of a job. */
export interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A job of a workflow. */
export interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly strategy?: { readonly matrix: { readonly stack?: readonly string[] } };
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

/** A GitHub workflow, as far as tests look into it. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly "cancel-in-progress": unknown };
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(projectFolder, ".github/workflows");

/** This project's workflows by name. */
export const workflows: ReadonlyMap<string, Workflow> = new Map(
  readdirSync(folder).map((file) => [
    file.replace(/\.yml$/, ""),
    parse(readFileSync(join(folder, file), "utf8")) as Workflow,
  ]),
);

const sameRepository = "github.event.pull_request.head.repo.full_name == github.repository";
const dangerous = ["pull_request_target", "workflow_run", "issue_comment"];
const pinned = /^(\.\/\.github\/actions\/[\w-]+|[\w-]+(\/[\w-]+)+@(v\d+|[0-9a-f]{40}))$/;

/** What is wrong with a workflow, a line for each. */
export function problems(workflow: Workflow): string[] {
  const { on, permissions, jobs } = workflow;
  return [
    ...dangerous.filter((event) => event in on).map((event) => `runs on ${event}, with secrets for forks`),
    ...(JSON.stringify(permissions) === '{"contents":"read"}' ? [] : ["has other permissions than to read"]),
    ...Object.entries(jobs).flatMap(([name, job]) => [
      ...ofJob(job, "pull_request" in on).map((problem) => `${name} ${problem}`),
      ...job.steps.flatMap(ofStep).map((problem) => `${name} ${problem}`),
    ]),
  ];
}

function ofJob(job: Job, forForks: boolean): string[] {
  const text = JSON.stringify(job);
  const writes = Object.values(job.permissions ?? {}).includes("write");
  const secrets = text.includes("secrets.");
  const open = forForks && !required(job.if).includes(sameRepository);
  return [
    ...(secrets && open ? ["has secrets in pull requests from forks"] : []),
    ...(writes && open ? ["writes in pull requests from forks"] : []),
    ...(secrets && !required(job.if).includes("vars.PULUMI_BACKEND_URL != ''")
      ? ["needs no backend to have secrets"]
      : []),
    ...(job["timeout-minutes"] === undefined ? ["may run for ever"] : []),
  ];
}

/** The conditions that must all hold. */
const required = (condition = ""): string[] =>
  condition.includes("||") ? [] : condition.split("&&").map((part) => part.trim());

function ofStep({ uses, run, with: inputs }: Step): string[] {
  return [
    ...(uses === undefined || pinned.test(uses) ? [] : [`uses ${uses}, which is not pinned`]),
    ...(uses?.startsWith("actions/checkout@") && inputs?.["persist-credentials"] !== false
      ? ["leaves its token in the checkout"]
      : []),
    ...(run?.includes("${{") ? ["has an expression in a script"] : []),
  ];
}
