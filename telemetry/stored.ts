import { bytesPerSecond, type Traffic } from "./traffic.ts";

/**
 * Bytes of blocks for each byte of spans received: with Tempo 3.0.3 0.197 for chats in the browser and 0.204 for requests of
 * LiteLLM's own API, with 2.8 0.207 for the former, in thousands as recorded, of ten models and with times of their own.
 */
const storedShare = 0.205;

/** What a block takes beside its spans: its filter of ids, its index, the footer of its columns. */
const bytesPerBlock = 145_000;

/** Bytes of blocks that hold spans of so many bytes, as received. */
export const storedBytes = (receivedBytes: number, blocks: number): number =>
  receivedBytes * storedShare + blocks * bytesPerBlock;

const hour = 3600;

/** Bytes of an hour's traffic on average, compacted into one block. */
export const storedBytesPerHour = (traffic: Traffic): number =>
  storedBytes(bytesPerSecond(traffic) * hour, 1);

/**
 * For how many more hours of traffic there are blocks than are asked for. A block covers an hour
 * (`compaction_window`), is looked at once an hour (`retention.interval`) and stays another (`compacted_block_retention`);
 * and as long stay the blocks that each of about four compactions of it has replaced.
 */
const blockHours = 3 + 4;

/** Hours of traffic of which there are blocks. */
export const storedHours = (retentionSeconds: number): number => retentionSeconds / hour + blockHours;

/** Hours of traffic that the write-ahead logs and the newest blocks take beside: 2.4 times the stored size, for at most an hour. */
export const localHours = 2.4;

/** What is estimated may be more by so much: other texts compress otherwise, and a file system needs room of its own. */
export const margin = 1.2;
