import manifest from "./package.json" with { type: "json" };

/** Version of the stack as a whole; `package.json` is its only source. */
export const stackVersion: string = manifest.version;
