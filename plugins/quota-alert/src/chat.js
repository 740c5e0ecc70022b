// What the services for chats expect.

/** The request's content for the service behind an address. */
export function request(url, text, quota) {
  switch (hostOf(url)) {
    case "hooks.slack.com":
      return { json: { text } };
    case "discord.com":
      return { json: { content: text } };
    case "ntfy.sh":
      return { text };
    default:
      return { json: { text, ...quota } };
  }
}

/** The host in an address; empty when there is none. */
export function hostOf(url) {
  return /^https:\/\/([^/?#:@]+)(?::\d+)?(?:[/?#]|$)/i.exec(url ?? "")?.[1].toLowerCase() ?? "";
}
