// The rates of one server, asked by a process that does nothing else.
// SERVER_URL=… SERVER_TOKEN=… node -C @plumbline/source bench/nautobot/rates.ts     prints JSON
import { measureRates } from "./client.ts";

const rates = await measureRates({
  url: process.env["SERVER_URL"] ?? "",
  token: process.env["SERVER_TOKEN"] ?? "",
});
process.stdout.write(`${JSON.stringify(rates)}\n`);
