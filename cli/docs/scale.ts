import {
  capacityOf,
  kafkaReplication,
  monolithHolds,
  monolithOf,
  type Amounts,
  type Capacity,
  type RoleCapacity,
} from "../../telemetry/capacity.ts";
import { liveStoreZones, tempoRoles, type TempoRole } from "../../telemetry/tempo-roles.ts";
import { recordedApiCall, recordedChat, type Traffic } from "../../telemetry/traffic.ts";
import { inMarks } from "./marks.ts";

/** The page about more than one machine. */
export const scalePath = "docs/scale.md";

/** The page with its tables of what a traffic takes. */
export const scaleOf = (page: string): string =>
  inMarks(scalePath, inMarks(scalePath, page, "capacity", capacityTable()), "capacity by role", rolesTable());

const day = 86_400;
const options = { retentionSeconds: 14 * day };

const perSecond = (requests: number, spansPerRequest: number): Traffic => ({
  requestsPerMinute: 60 * requests,
  spansPerRequest,
  bytesPerSpan: recordedChat.bytesPerSpan,
});

const chats = recordedChat.spans;

/** Chats in the browser, and as many requests of LiteLLM's own API as people never make by hand. */
const traffics: readonly (readonly [requests: string, traffic: Traffic])[] = [
  ["10", perSecond(10, chats)],
  ["1,000", perSecond(1000, chats)],
  ["100,000", perSecond(100_000, chats)],
  ["100,000", perSecond(100_000, recordedApiCall.spans)],
];

/** Dollars, of AWS in us-east-1. The page has their sources. */
const prices = {
  vcpuHour: 0.04048,
  gibibyteHour: 0.004445,
  bucketGigabyteMonth: 0.023,
  diskGigabyteMonth: 0.08,
};

const hoursPerMonth = 730;
const giga = 1e9;
const gibi = 2 ** 30;

/** What pods are sure to get, together. */
interface Pods {
  readonly cpu: number;
  readonly memory: number;
  readonly disk: number;
}

/** Kafka's own: three at least, and as many as write 50 MB/s each with the copies. Ours: Tempo's rules say nothing of brokers. */
const brokers = (peak: number): number => Math.max(3, Math.ceil((peak * kafkaReplication) / 50e6));
const broker = { cpu: 2, memory: 8 * gibi } as const;

/** Dollars a month for pods and brokers by what they request, for the disks of both, and for the bucket. */
const cost = (pods: Pods, kafka: { brokers: number; bytes: number }, bucketBytes: number): number =>
  hoursPerMonth *
    ((pods.cpu + kafka.brokers * broker.cpu) * prices.vcpuHour +
      ((pods.memory + kafka.brokers * broker.memory) / gibi) * prices.gibibyteHour) +
  ((pods.disk + kafka.bytes) / giga) * prices.diskGigabyteMonth +
  (bucketBytes / giga) * prices.bucketGigabyteMonth;

const podsOf = (list: readonly RoleCapacity[]): Pods => {
  const sum = (of: (role: RoleCapacity) => number) =>
    list.reduce((total, role) => total + role.replicas * of(role), 0);
  return {
    cpu: sum(({ cpu }) => cpu.request),
    memory: sum(({ memory }) => memory.request),
    disk: sum(({ disk }) => disk),
  };
};

/** Every role's, with the live-stores of all zones. */
const allRoles = ({ roles }: Capacity): RoleCapacity[] =>
  tempoRoles.map((role) => ({ ...roles[role], replicas: pods(role, roles[role]) }));

const pods = (role: TempoRole, { replicas }: RoleCapacity): number =>
  replicas * (role === "live-store" ? liveStoreZones.length : 1);

const noKafka = { brokers: 0, bytes: 0 };

function capacityTable(): string {
  const rows = traffics.flatMap(([requests, traffic]) => {
    const capacity = capacityOf(traffic, options);
    const { average, peak } = capacity.bytesPerSecond;
    const row = (mode: string, roles: readonly RoleCapacity[], kafka: typeof noKafka) => {
      const pods = podsOf(roles);
      const withKafka = (text: string) => (kafka.brokers > 0 ? text : "–");
      return [
        ...[requests, String(traffic.spansPerRequest), `${bytes(average)}, ${bytes(peak)}`, mode],
        ...[grouped(capacity.partitions), bytes(kafka.bytes), grouped(kafka.brokers)].map(withKafka),
        ...[bytes(capacity.bucketBytes), grouped(pods.cpu), `${grouped(pods.memory / gibi)} GiB`],
        `$${grouped(twoDigits(cost(pods, kafka, capacity.bucketBytes)))}`,
      ];
    };
    return [
      ...(monolithHolds(traffic) ? [row("monolithic", [monolithOf(traffic)], noKafka)] : []),
      row("distributed", allRoles(capacity), { brokers: brokers(peak), bytes: capacity.kafkaBytes }),
    ];
  });
  const traffic = ["requests a second", "spans each", "a second: average, peak"];
  const kafka = ["partitions", "in Kafka", "brokers"];
  return table([...traffic, "mode", ...kafka, "in the bucket", "CPU", "memory", "a month"], rows);
}

function rolesTable(): string {
  const capacities = traffics.map(([, traffic]) => capacityOf(traffic, options));
  return table(
    ["role", ...traffics.map(([requests, { spansPerRequest }]) => `${requests} of ${spansPerRequest} spans`)],
    tempoRoles.map((role) => [`\`${role}\``, ...capacities.map(({ roles }) => roleCell(role, roles[role]))]),
  );
}

const roleCell = (role: TempoRole, capacity: RoleCapacity): string => {
  const { replicas, cpu, memory, disk } = capacity;
  const amounts = ({ request, limit }: Amounts, unit: number) =>
    [request, limit].map((amount) => twoDigits(amount / unit)).join("–");
  return [
    `${role === "live-store" ? `${liveStoreZones.length} × ` : ""}${grouped(replicas)} × ${amounts(cpu, 1)} CPU`,
    `${amounts(memory, gibi)} GiB`,
    ...(disk > 0 ? [`disk ${disk / gibi} GiB`] : []),
  ].join(", ");
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const grouped = (count: number): string => Math.round(count).toLocaleString("en-US");

/** As exact as these numbers are. */
const twoDigits = (amount: number): number => Number(amount.toPrecision(2));

/** Bytes in powers of ten, as the rules and price lists have them. */
function bytes(amount: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const power = amount < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(twoDigits(amount)) / 3));
  return `${twoDigits(amount / 1000 ** power)} ${units[power]}`;
}
