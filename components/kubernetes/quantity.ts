/** An amount of a Kubernetes resource. */
export interface Quantity {
  /** In base units: bytes, or cores. */
  readonly amount: number;
  /** As Kubernetes writes it, such as `512Mi` or `250m`. */
  readonly text: string;
}

/** What a container gets of each resource. */
export interface Amounts {
  readonly cpu: Quantity;
  readonly memory: Quantity;
  readonly ephemeralStorage: Quantity;
}

/** Amounts as a container's spec has them. */
export const resourceList = ({ cpu, memory, ephemeralStorage }: Amounts): Record<string, string> => ({
  cpu: cpu.text,
  memory: memory.text,
  "ephemeral-storage": ephemeralStorage.text,
});
