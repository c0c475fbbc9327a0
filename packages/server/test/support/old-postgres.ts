import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** A server that speaks just enough of PostgreSQL's protocol to say that it is an old release. */
export async function startOldPostgres(
  number: string,
  version: string,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((socket) => {
    let isGreeted = false;
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      if (!isGreeted) {
        isGreeted = true;
        socket.write(Buffer.concat([message("R", int32(0)), ready]));
      } else if (data.toString("latin1", 0, 1) === "Q") {
        socket.write(Buffer.concat([...answer({ number, version, encoding: "UTF8" }), ready]));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const ready = message("Z", Buffer.from("I"));

/** Row description, one row of texts, and the end of the statement. */
function answer(row: Record<string, string>): Buffer[] {
  const textType = Buffer.concat([int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]);
  const columns = Object.keys(row).map((name) =>
    Buffer.concat([Buffer.from(`${name}\0`), textType]),
  );
  const values = Object.values(row).map((value) =>
    Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]),
  );
  return [
    message("T", Buffer.concat([int16(columns.length), ...columns])),
    message("D", Buffer.concat([int16(values.length), ...values])),
    message("C", Buffer.from("SELECT 1\0")),
  ];
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}
