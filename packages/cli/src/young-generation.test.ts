import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);
const module = new URL("./young-generation.ts", import.meta.url).href;

/** The most that the space for young objects has while many of them outlive their first moment, in MiB. */
async function youngMibOf(prepare: string): Promise<number> {
  const script = `
    import { getHeapSpaceStatistics } from "node:v8";
    ${prepare}
    let most = 0;
    for (let round = 0; round < 1000; round += 1) {
      globalThis.kept = Array.from({ length: 2000 }, (_, n) => ({ round, n, text: "object " + n }));
      const young = getHeapSpaceStatistics().find((space) => space.space_name === "new_space");
      most = Math.max(most, young.space_size);
    }
    console.log(most / 2 ** 20);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script]);
  return Number(stdout);
}

it("the space for young objects, which the engine lets grow to 32 MiB, stays small", async () => {
  expect(await youngMibOf("")).toBeGreaterThanOrEqual(8);
  const prepare = `import { keepYoungGenerationSmall } from ${JSON.stringify(module)}; keepYoungGenerationSmall();`;
  expect(await youngMibOf(prepare)).toBeLessThan(4);
});
