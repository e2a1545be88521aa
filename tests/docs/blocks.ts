import { readFileSync } from "node:fs";
import { join } from "node:path";
import markdownIt from "markdown-it";
import { parseAllDocuments } from "yaml";
import { projectFolder } from "../../engine/stack-files.ts";

/** The text of a document of this project. */
export const textOf = (file: string): string => readFileSync(join(projectFolder, file), "utf8");

/** What stands in the code blocks of a language, block by block. */
export const blocksOf = (markdown: string, language: string): string[] =>
  markdownIt()
    .parse(markdown, {})
    .filter(({ type, info }) => type === "fence" && info.trim() === language)
    .map(({ content }) => content);

/** A Kubernetes object in a document. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [section: string]: unknown;
}

/** The Kubernetes objects of a YAML text. */
export const manifestsIn = (yaml: string): Manifest[] =>
  parseAllDocuments(yaml).map((document) => document.toJS() as Manifest);

/** The Kubernetes objects that a document tells its reader to apply. */
export const manifestsOf = (file: string): Manifest[] =>
  blocksOf(textOf(file), "yaml")
    .flatMap(manifestsIn)
    .filter(({ kind }) => kind !== undefined);
