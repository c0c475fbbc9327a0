import { finished } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

const bytesPerCopy = 256 * 1024;
const mostBytesPerUnit = 3;

/** Sends lines of COPY in large pieces, each while the next is being filled. */
export interface LineCopier {
  add(line: string): void;
  /** To be called every few hundred lines: waits where more is ready than should lie in memory. */
  drain(): Promise<void>;
  finish(): Promise<void>;
}

/**
 * The lines go straight into one of two buffers, used again and again: strings that wait for a database
 * would outlive the collections that are cheap.
 * @param target table and columns, names of ours
 */
export function createLineCopier(pool: pg.Pool, target: string): LineCopier {
  let filling: Buffer = Buffer.alloc(0);
  let other: Buffer = Buffer.alloc(0);
  let length = 0;
  let sending: Promise<void> = Promise.resolve();

  const send = async (): Promise<void> => {
    await sending;
    if (length === 0) return;
    const ready = filling.subarray(0, length);
    [filling, other] = [other, filling];
    length = 0;
    sending = copy(pool, target, ready);
    // Whoever waits for it next hears of a failure.
    sending.catch(() => undefined);
  };

  return {
    add(line) {
      const most = line.length * mostBytesPerUnit;
      if (filling.length - length < most) filling = grown(filling, length + most);
      length += filling.write(line, length);
    },
    async drain() {
      if (length >= bytesPerCopy) await send();
    },
    async finish() {
      await send();
      await sending;
      filling = other = Buffer.alloc(0);
    },
  };
}

function grown(buffer: Buffer, least: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(least, bytesPerCopy * 1.5, buffer.length * 2));
  buffer.copy(larger);
  return larger;
}

async function copy(pool: pg.Pool, target: string, lines: Buffer): Promise<void> {
  const client = await pool.connect();
  let isBroken = true;
  try {
    const stream = client.query(copyFrom(`copy ${target} from stdin`));
    stream.end(lines);
    await finished(stream);
    isBroken = false;
  } finally {
    client.release(isBroken);
  }
}
