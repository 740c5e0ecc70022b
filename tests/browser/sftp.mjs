// Uploads with OpenSSH, as people have it.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `BatchMode` comes first: `-b` asks for no passwords unless that was said before. */
const OPTIONS = [
  "BatchMode=no", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "IdentitiesOnly=yes",
  "PubkeyAuthentication=no", "PreferredAuthentications=password", "NumberOfPasswordPrompts=1", "ConnectTimeout=30",
];

/** Whether this login and password open a webspace over SFTP. */
export async function opens(demo, login, password) {
  const folder = await mkdtemp(join(tmpdir(), "wabe-sftp-"));
  const file = (name) => join(folder, name);
  try {
    await writeFile(file("password"), password);
    await writeFile(file("asker"), `#!/bin/sh\ncat ${file("password")}\n`, { mode: 0o700 });
    await writeFile(file("batch"), "ls\n");
    const [host, port] = demo.sftp.split(":");
    const words = [...OPTIONS.flatMap((option) => ["-o", option]), "-F", "none", "-P", port, "-b", file("batch"), `${login}@${host}`];
    const env = { ...process.env, SSH_ASKPASS: file("asker"), SSH_ASKPASS_REQUIRE: "force", DISPLAY: ":0" };
    delete env.SSH_AUTH_SOCK;
    return await new Promise((done) => execFile("sftp", words, { env }, (error) => done(error === null)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
