// What every test file needs: a demo and a browser of its own, and people in front of it.

import { after, before } from "node:test";
import { launch, person } from "./browser.mjs";
import { Demo } from "./demo.mjs";

/** Starts both before the file's tests, the demo with these further flags; prepares what the file needs; ends both. */
export function stage(prepare = () => {}, flags = []) {
  const it = { person: (how) => person(it.browser, it.demo, how) };
  before(async () => {
    it.demo = await Demo.start(flags);
    it.browser = await launch();
    await prepare(it);
  });
  after(async () => {
    await it.browser?.close();
    await it.demo?.stop();
  });
  return it;
}

/** The two ways that every main journey has to work. */
export const WAYS = [
  { script: true, way: "with JavaScript" },
  { script: false, way: "without JavaScript" },
];
